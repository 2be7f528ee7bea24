// Search, language tabs and copying. The pages can be read without it.
"use strict";

const LANGUAGE = "agendum.docs.language";

function search(nav) {
  const input = nav.querySelector("input");
  const groups = [...nav.querySelectorAll("details")].map((group) => ({ group, open: group.open }));
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { group, open } of groups) {
      let found = 0;
      for (const link of group.querySelectorAll("a")) {
        const text = `${link.textContent} ${link.title} ${link.hash}`.toLowerCase();
        link.hidden = !words.every((word) => text.includes(word));
        found += !link.hidden;
      }
      group.hidden = found === 0;
      group.open = words.length > 0 ? found > 0 : open;
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
}

function tabs(samples) {
  const bar = document.createElement("div");
  bar.className = "tabs";
  bar.setAttribute("role", "tablist");
  for (const sample of samples.children) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "tab");
    button.textContent = button.dataset.lang = sample.dataset.lang;
    button.addEventListener("click", () => {
      localStorage.setItem(LANGUAGE, button.dataset.lang);
      show(button.dataset.lang);
    });
    bar.append(button);
  }
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(samples.querySelector(".shown pre").textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  bar.append(copy);
  samples.before(bar);
  samples.classList.add("tabbed");
}

function show(language) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.lang === language));
  }
  for (const sample of document.querySelectorAll(".samples > div")) {
    sample.classList.toggle("shown", sample.dataset.lang === language);
  }
}

function mark() {
  for (const link of document.querySelectorAll("nav details a")) {
    link.classList.toggle("here", link.pathname === location.pathname && link.hash === location.hash);
  }
}

search(document.querySelector("nav"));
document.querySelectorAll(".samples").forEach(tabs);
show(localStorage.getItem(LANGUAGE) || "Shell");
addEventListener("hashchange", mark);
mark();
