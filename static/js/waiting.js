/** While the machine computes groups, the page asks now and then how far it is; nothing is moved under the reader's eyes. */

const place = document.getElementById("progress");
const told = document.getElementById("progress-told");
const EVERY = 3000; // milliseconds
const state = () => place.querySelector("[data-state]")?.dataset.state;

const ask = async () => {
  if (document.hidden) { setTimeout(ask, EVERY); return; }
  try {
    const answer = await fetch(place.dataset.url, { headers: { Accept: "text/html" } });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return;
    if (!answer.ok) throw new Error(answer.statusText);
    place.innerHTML = await answer.text();
  } catch {
    setTimeout(ask, 4 * EVERY);
    return;
  }
  if (state() === "under_way") { setTimeout(ask, EVERY); return; }
  const news = place.querySelector(".progress-news");
  if (news) {
    news.hidden = false;
    told.textContent = place.querySelector("[data-state]").dataset.done;
  }
};

if (place && state() === "under_way") setTimeout(ask, EVERY);
