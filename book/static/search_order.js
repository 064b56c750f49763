// How the guide's search orders what it finds: chapters and steps before lists to look up, those before decisions.
var Scorer = {
  score: ([page, title, anchor, description, score]) => score * (orderOf[page.split("/")[0]] ?? 1),
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
const orderOf = { guide: 2, steps: 2, notebooks: 1, municipalities: 1, exports: 0.6, reference: 0.35, decisions: 0.3 };

// The words of a page in the list of findings: what stands in two boxes on the page is not run together.
document.addEventListener("DOMContentLoaded", () => {
  const asText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const spaced = html.replace(/<\/(p|dt|dd|li|t[dh]|h\d|div|figcaption|option|label)>/g, "$& ");
    const page = new DOMParser().parseFromString(spaced, "text/html");
    // The list of a page's headings, for print, and the ways to other pages are not what the page says.
    page.querySelectorAll("nav, footer, #print-main-content, #jb-print-toc").forEach((one) => one.remove());
    return asText(page.documentElement.outerHTML, anchor);
  };
});
