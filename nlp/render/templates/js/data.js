// The index of the page: what every list knows of every report.
let index, reports, words, themeNames, issuerOf;
const R = Object.fromEntries(["id", "name", "known", "year", "level", "kind", "edition", "file",
  "place", "read", "doubtful", "absent", "passed", "failed", "theirs", "problems", "measures",
  "findings", "problemThemes", "measureThemes", "problemDoubts", "measureDoubts", "abstained", "based"].map((key, i) => [key, i]));
const nameOf = (r) => r[R.name] + (r[R.known] ? "" : "（机关未识别）");
const titleOf = (r) => nameOf(r) + " " + (r[R.year] === null ? "年度未识别" : r[R.year]);
const themeOf = (id) => themeNames.get(id) || id;
const groupName = (r) => (words.levels[r[R.level]] || "层级未识别") + (r[R.kind] ? words.kinds[r[R.kind]] || "" : "");
