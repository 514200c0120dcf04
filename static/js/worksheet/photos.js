/** Photos of the signed sheets: made small on the phone, kept here, sent when there is a line. */

import { fill, fresh, h } from "./dom.js";
import { follow } from "./fields.js";
import * as store from "./store.js";
import { clock, say } from "./words.js";

const LONGEST = 1800; // pixels: handwriting on a page of paper can be read
const SMALL = 320;
const QUALITY = 0.75;

const load = (file) => new Promise((resolve, reject) => {
  if ("createImageBitmap" in window) {
    createImageBitmap(file, { imageOrientation: "from-image" }).then(resolve, reject);
    return;
  }
  const image = new Image();
  image.onload = () => resolve(image);
  image.onerror = reject;
  const reader = new FileReader();
  reader.onload = () => { image.src = reader.result; };
  reader.onerror = reject;
  reader.readAsDataURL(file);
});

const drawn = (image, longest) => {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const canvas = h("canvas", { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const encoded = (canvas) => new Promise((resolve, reject) => {
  canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
});

/** Make `file` small and keep it; what the camera wrote beside the picture (place, time, phone) is lost on the way. */
const keep = async (sheet, proposal, file) => {
  const image = await load(file);
  const large = drawn(image, LONGEST);
  const [blob, small] = [await encoded(large), await encoded(drawn(large, SMALL))];
  await store.keepPhoto({
    uid: store.uid(), sheet: sheet.name, proposal, blob, small, state: "waiting", width: large.width, height: large.height,
    at: new Date().toISOString(),
  });
  await sheet.reload([]);
  if (sheet.onkept) sheet.onkept();
};

/** The photos of one sheet of paper, and a button for one more. proposal: its key, or "" for the sheet of the table. */
export const photos = (sheet, proposal, about) => {
  const list = h("ul.photos");
  const id = fresh();
  const told = h("p.wrong", { role: "alert" });
  const input = h("input.file", {
    id, type: "file", accept: "image/*", multiple: true, disabled: sheet.closed,
    onchange: async () => {
      fill(told);
      for (const file of [...input.files]) {
        try {
          await keep(sheet, proposal, file);
        } catch (error) {
          fill(told, say(error && error.name === "QuotaExceededError" ? "no_room" : "no_photo"));
        }
      }
      input.value = "";
    },
  });
  follow(() => {
    const own = sheet.photos.filter((each) => each.proposal === proposal);
    const now = JSON.stringify(own.map(({ uid, state }) => [uid, state]));
    if (list.dataset.now === now) return;
    list.dataset.now = now;
    fill(list, own.map((each, at) => item(sheet, each, at, about)));
  })();
  return h("section.group", {}, h("h3", {}, say("photo_of_sheet")), h("p.hint", {}, say("photo_hint")), list, told,
    h("div.pick", {}, input, h("label.button.second", { for: id }, say("take_photo"))));
};

const item = (sheet, photo, at, about) => {
  const { uid, state, at: taken, sent_at: sent, reason } = photo;
  const canvas = h("canvas", { role: "img", "aria-label": say("photo_n", { n: at + 1, about }), width: 1, height: 1 });
  store.photo(uid).then((kept) => load(kept.small || kept.blob)).then((image) => {
    const small = drawn(image, 160);
    canvas.width = small.width;
    canvas.height = small.height;
    canvas.getContext("2d").drawImage(small, 0, 0);
  }).catch(() => canvas.remove());
  const drop = async () => { await store.dropPhoto(uid); await sheet.reload([]); };
  const words = state === "sent" ? say("sent_at", { time: clock(sent) })
    : state === "refused" ? say("refused", { reason }) : say("kept_at", { time: clock(taken) });
  return h("li", {}, canvas, h("div", {},
    h(state === "refused" ? "p.wrong" : "p.saved", { "data-state": state === "sent" ? "sent" : "kept" }, words),
    state !== "sent" && h("button.quiet", { type: "button", onclick: drop }, say("drop_photo"), h("span.hidden", {}, ` ${at + 1}: ${about}`))));
};
