/**
 * Numbers of a session that cannot all be right: the arithmetic of consulta/tables/checks.py, without connection.
 * Both answer the cases of tests/data/worksheet/checks.json alike.
 */

const GENDERS = ["women", "men", "other_gender"];
export const LEVELS = ["level_full", "level_reserved", "level_neutral", "level_unwilling", "level_against"];
export const VOTES = ["votes_for", "votes_against", "abstentions"];

const isKnown = (value) => value !== null && value !== undefined;
const total = (row, names) => names.reduce((sum, name) => sum + (row[name] || 0), 0);
const hasText = (text) => Boolean(text && text.trim());
const isPresent = (line) => line.attended !== false;

/**
 * How many people the room counts: those of the list and those declared, whichever is more; null where a number is
 * missing and none was declared that could stand for it.
 */
export const headsInRoom = (session, attendances) => {
  const declared = isKnown(session.declared_heads) ? session.declared_heads : null;
  const present = attendances.filter(isPresent);
  if (!present.length || present.some((line) => !isKnown(line.heads))) return declared;
  return Math.max(present.reduce((sum, line) => sum + line.heads, 0), declared || 0);
};

/**
 * The disagreements of a session, first its own, then those of the list, then those of the results:
 * {place, kind, counted, most, has_note} and what else its sentence names. results: rows with `code` and `title`.
 */
export const disagreements = (session, attendances, results) => {
  const heads = headsInRoom(session, attendances);
  const found = [];
  const add = (place, kind, counted, most, note, more = {}) => found.push({ place, kind, counted, most, has_note: hasText(note), ...more });

  if (isKnown(session.declared_heads)) {
    const present = attendances.filter(isPresent);
    const listed = present.reduce((sum, line) => sum + (line.heads || 0), 0);
    const isCounted = present.length > 0 && present.every((line) => isKnown(line.heads));
    if (listed > session.declared_heads) add("session", "declared", listed, session.declared_heads, session.count_note);
    else if (isCounted && listed < session.declared_heads) add("session", "declared_less", listed, session.declared_heads, session.count_note);
  }
  const dots = results.reduce((sum, result) => sum + (result.dots || 0), 0);
  const rule = session.dots_per_person;
  if (heads !== null && rule && dots > heads * rule) add("session", "all_dots", dots, heads * rule, session.count_note, { heads, each: rule });

  for (const line of attendances) {
    const told = total(line, GENDERS);
    if (isKnown(line.heads) && told > line.heads) add(`attendance:${line.uid}`, "genders", told, line.heads, line.note, { name: line.name });
  }
  if (heads === null) return found;
  for (const result of results) {
    const { title } = result;
    const place = `result:${result.code}`;
    const votes = total(result, VOTES);
    if (votes > heads) add(place, "votes", votes, heads, result.count_note, { title });
    const levels = total(result, LEVELS);
    if (levels > heads) add(place, "levels", levels, heads, result.count_note, { title });
    const each = session.dots_per_proposal || session.dots_per_person;
    if (each && (result.dots || 0) > heads * each) add(place, "dots", result.dots, heads * each, result.count_note, { heads, each, title });
  }
  return found;
};
