// Starts Python in the page and carries what is filled in to it, and its answers back. Nothing is computed here.
(() => {
  const root = document.getElementById("helhed-python");
  if (!root || !root.dataset.python) return;
  const told = (name) => document.getElementById(`helhed-python-${name}`);
  const said = JSON.parse(told("said").textContent);
  const state = told("state"), button = told("start");
  const forms = [...document.querySelectorAll("form.helhed-part")];
  const base = new URL(root.dataset.python, location.href);
  let page;

  const begin = async () => {
    button.hidden = true;
    state.textContent = said.loading;
    try {
      const { loadPyodide } = await import(new URL("pyodide.mjs", base));
      const python = await loadPyodide({ indexURL: base.href });
      python.unpackArchive(await (await got("kit.zip")).arrayBuffer(), "zip", { extractDir: "/kit" });
      python.runPython("import sys; sys.path.insert(0, '/kit')");
      page = python.pyimport("helhed.browser.page").Page(told("kit").textContent);
    } catch (error) {
      console.error(error);
      state.textContent = said.failed;
      return;
    }
    state.textContent = said.ready;
    for (const form of forms) {
      form.querySelector("fieldset").disabled = false;
      await answer(form);
    }
  };

  const got = async (name) => {
    const file = await fetch(new URL(name, base));
    if (!file.ok) throw new Error(name);
    return file;
  };

  const answer = async (form) => {
    const status = form.querySelector(".helhed-said"), place = form.querySelector(".helhed-answer");
    const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const file = form.chosen;
    if (form.isExample) values.is_example = "yes";
    if (form.elements.file && !file) return;
    const turn = form.turn = (form.turn ?? 0) + 1;
    status.textContent = said.working;
    await new Promise((shown) => setTimeout(shown));
    try {
      const bytes = file ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
      if (turn !== form.turn) return; // the reader has gone on: a later answer is on its way
      const found = JSON.parse(page.answer(form.dataset.part, JSON.stringify(values), file ? file.name : "", bytes));
      place.innerHTML = found.html;
      place.dataset.file = file ? file.name : "";
      status.textContent = said[found.said];
      offer(form.querySelector(".helhed-save"), found.saved);
    } catch (error) {
      console.error(error);
      place.replaceChildren();
      status.textContent = said.broken;
    }
  };

  const offer = (save, saved) => {
    if (!save) return;
    save.hidden = !saved;
    save.onclick = () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([saved[1]], { type: "text/csv;charset=utf-8" }));
      link.download = saved[0];
      link.click();
      URL.revokeObjectURL(link.href);
    };
  };

  const show = (form) => {
    for (const output of form.querySelectorAll("output")) {
      const value = Number(document.getElementById(output.htmlFor).value);
      output.textContent = value.toLocaleString(document.documentElement.lang);
    }
  };

  for (const form of forms) {
    let pause;
    show(form);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      show(form);
      if (event.target.type === "file") {
        form.chosen = event.target.files[0];
        form.isExample = false;
      }
      clearTimeout(pause);
      pause = setTimeout(() => page && answer(form), 150);
    });
    form.querySelector(".helhed-example")?.addEventListener("click", async (event) => {
      const name = event.target.dataset.file.split("/").pop();
      form.chosen = new File([await (await got(name)).arrayBuffer()], name);
      form.isExample = true;
      form.elements.file.value = "";
      await answer(form);
    });
  }

  if (location.protocol === "file:") {
    state.textContent = said.from_file;
  } else {
    state.textContent = said.ready_to_start;
    button.hidden = false;
    button.addEventListener("click", begin);
  }
})();
