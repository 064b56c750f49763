// A figure that is wider than the screen can be moved to the side with the keyboard too.
document.addEventListener("DOMContentLoaded", () => {
  const reachable = () => document.querySelectorAll(".bd-article figure").forEach((figure) => {
    if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0;
    else figure.removeAttribute("tabindex");
  });
  window.addEventListener("load", reachable);
  window.addEventListener("resize", reachable);
  reachable();
});
