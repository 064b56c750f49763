// Looks up the answer that was computed when the page was made; nothing is computed here.
(() => {
  const data = JSON.parse(document.getElementById("helhed-calculator-data").textContent);
  const form = document.getElementById("helhed-calculator");
  const written = (value, most = 1) => value.toLocaleString(data.lang, { maximumFractionDigits: most });
  const filled = (name, words) => data.texts[name].replace(/\{(\w+)\}/g, (whole, key) => words[key] ?? whole);

  const show = () => {
    const at = {};
    for (const name of ["posts", "starts", "sick", "goal"]) {
      const slider = document.getElementById(`calculator-${name}`);
      at[name] = Number(slider.value);
      const value = written(data[name][at[name]], 2);
      slider.setAttribute("aria-valuetext", value);
      slider.nextElementSibling.textContent = value;
    }
    const [places, families, used, needed, wait] = data.grid[at.posts][at.starts][at.sick];
    const goal = data.goal[at.goal];
    const enough = data.posts.find((_, k) => {
      const least = data.grid[k][at.starts][at.sick][5];
      return least !== null && least <= goal;
    });
    const words = {
      places: written(places, 0), families: written(families), needed: written(needed), goal: written(goal, 0),
      used: used === null ? "–" : (used / 100).toLocaleString(data.lang, { style: "percent" }),
      wait: wait === null ? "" : written(wait), enough: enough === undefined ? "" : written(enough, 2),
    };
    const waits = wait === null ? "panel_endless" : wait === 0 ? "says_no_wait" : "panel_wait";
    form.querySelector(".helhed-calculator-answer").textContent = [
      filled("panel_places", words),
      filled(waits, words),
      filled("says_long_run", words),
      filled(enough === undefined ? "panel_no_goal" : "panel_goal", words),
    ].join(" ");
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
