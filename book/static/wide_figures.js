// A figure that is wider than the screen says so, and can be moved to the side with the keyboard too.
document.addEventListener("DOMContentLoaded", () => {
  const words = document.querySelector('meta[name="helhed-wide-figure"]')?.content ?? "";
  const reachable = () => document.querySelectorAll(".bd-article figure").forEach((figure) => {
    const isWide = figure.scrollWidth > figure.clientWidth;
    figure.toggleAttribute("data-wide", isWide);
    if (isWide) [figure.tabIndex, figure.dataset.wide] = [0, words];
    else figure.removeAttribute("tabindex");
  });
  window.addEventListener("load", reachable);
  window.addEventListener("resize", reachable);
  reachable();
});
