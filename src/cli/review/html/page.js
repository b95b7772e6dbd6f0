"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const cards = [...document.querySelectorAll("details.change")];
  const at = (card) => Number(card.id.slice("change-".length)) - 1;
  const text = (index) => data.strings[index];
  const make = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };

  // ---- bodies: trees of numbers, of which only elements are made ----

  const build = (tree) => {
    if (typeof tree === "number") return document.createTextNode(text(tree));
    const [tag, ...classes] = data.shapes[tree[0]].split(".");
    const node = make(tag, classes.join(" "));
    let from = 1;
    if (tag === "a") {
      const target = text(tree[from++]);
      if (/^(https:\/\/|#)/.test(target)) node.setAttribute("href", target);
    }
    for (const child of tree.slice(from)) node.append(build(child));
    return node;
  };

  const finished = new WeakSet();
  const fill = (card) => {
    if (finished.has(card)) return;
    finished.add(card);
    const group = data.groups[at(card)];
    if (group[3]) card.append(build(group[3]));
    const places = card.querySelector(".places");
    if (!places) return;
    const button = make("button", "all-places", `Show all ${group[2].length} places as a table`);
    button.type = "button";
    button.addEventListener("click", () => {
      places.replaceChildren(places.querySelector("h4"), table(group[2]));
      places.querySelector(".scroll").focus();
    });
    places.append(button);
  };

  const table = (members) => {
    const head = make("tr");
    for (const name of ["Environment", "Cluster", "Name", "Owner", "Folder"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    const body = make("tbody");
    for (const member of members) {
      const [environment, cluster, name, owner, folder] = data.instances[member].map(text);
      const row = make("tr");
      for (const value of [environment, cluster, name, owner || "no owner"]) row.append(make("td", "", value));
      const cell = make("td");
      cell.append(make("code", "", folder));
      row.append(cell);
      body.append(row);
    }
    const top = make("thead");
    top.append(head);
    const whole = make("table");
    whole.append(top, body);
    const scroll = make("div", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "All places");
    scroll.append(whole);
    return scroll;
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.change") && event.target.open) fill(event.target);
  }, true);
  for (const card of cards) if (card.open) fill(card);

  // ---- filters ----

  const LEVELS = ["cosmetic", "config", "rollout", "capacity", "privilege", "exposure", "replace", "data-loss"];
  const facets = [
    { key: "impact", title: "Impact", of: (group) => LEVELS.filter((_, bit) => group[0] & (1 << bit)) },
    { key: "environment", title: "Environment", member: 0, none: "no environment" },
    { key: "owner", title: "Owner", member: 3, none: "no owner" },
    { key: "kind", title: "Kind", of: (group) => group[1].map(text) },
  ];
  for (const facet of facets) facet.chosen = new Set();

  const strings = (tree, out) => {
    if (typeof tree === "number") out.push(text(tree));
    else for (const child of tree.slice(1)) strings(child, out);
    return out;
  };
  const haystacks = new Map();
  const haystack = (card) => {
    const index = at(card);
    if (!haystacks.has(index)) {
      const group = data.groups[index];
      const own = group[3] ? [card.textContent, ...strings(group[3], [])] : [card.textContent];
      haystacks.set(index, own.join("\n").toLowerCase());
    }
    return haystacks.get(index);
  };
  const called = new Map();
  const call = (member) => {
    if (!called.has(member)) called.set(member, data.instances[member].map(text).join("\n").toLowerCase());
    return called.get(member);
  };
  const value = (facet, member) => text(data.instances[member][facet.member]);

  // The members of a group that every filter lets through, one facet aside.
  const passing = (group, words, whole, aside) => group[2].filter((member) =>
    facets.every((facet) => facet === aside || facet.member === undefined || !facet.chosen.size ||
      facet.chosen.has(value(facet, member))) &&
    (whole || words.every((word) => call(member).includes(word))));
  const fits = (group, facet) => !facet.of || !facet.chosen.size || facet.of(group).some((one) => facet.chosen.has(one));

  const search = find("search");
  const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const tallies = new Map(facets.map((facet) => [facet, new Map()]));
    const add = (facet, one) => tallies.get(facet).set(one, (tallies.get(facet).get(one) ?? 0) + 1);
    let [shown, places] = [0, 0];
    for (const card of cards) {
      const group = data.groups[at(card)];
      const whole = words.every((word) => haystack(card).includes(word));
      const open = facets.filter((facet) => !fits(group, facet));
      const members = passing(group, words, whole);
      const visible = !open.length && members.length > 0;
      if (card.hidden === visible) card.hidden = !visible;
      if (visible) [shown, places] = [shown + 1, places + members.length];
      for (const facet of facets) {
        if (open.some((other) => other !== facet)) continue;
        if (facet.of) {
          if (members.length) facet.of(group).forEach((one) => add(facet, one));
        } else {
          const free = facet.chosen.size ? passing(group, words, whole, facet) : members;
          new Set(free.map((member) => value(facet, member))).forEach((one) => add(facet, one));
        }
      }
    }
    for (const facet of facets) for (const option of facet.options ?? []) {
      const count = tallies.get(facet).get(option.name) ?? 0;
      option.count.textContent = count.toLocaleString("en");
      option.label.classList.toggle("none", count === 0 && !option.box.checked);
    }
    for (const section of document.querySelectorAll("section.level")) {
      const all = [...section.querySelectorAll("details.change")];
      const left = all.filter((card) => !card.hidden).length;
      section.hidden = left === 0;
      section.querySelector(".shown").textContent =
        left === all.length ? counted(left, "change") : `${left.toLocaleString("en")} of ${counted(all.length, "change")}`;
    }
    const filtered = words.length > 0 || facets.some((facet) => facet.chosen.size);
    find("clear").hidden = !filtered;
    const of = filtered ? `${shown.toLocaleString("en")} of ` : "";
    find("shown").textContent = shown || !filtered
      ? `${of}${counted(cards.length, "change")}, ${counted(places, "place")}`
      : "No change fits these filters";
    const chosen = facets.reduce((sum, facet) => sum + facet.chosen.size, 0);
    const summary = find("filters")?.querySelector("summary");
    if (summary) summary.textContent = chosen ? `Filters (${chosen})` : "Filters";
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 60);
  };

  const choices = (facet) => {
    const names = new Map();
    for (const group of data.groups) {
      const all = facet.of ? facet.of(group) : new Set(group[2].map((member) => value(facet, member)));
      for (const name of all) names.set(name, (names.get(name) ?? 0) + 1);
    }
    const list = [...names.keys()];
    if (facet.key === "impact") return list.sort((a, b) => LEVELS.indexOf(b) - LEVELS.indexOf(a));
    return list.sort((a, b) => (a === "") - (b === "") || (a < b ? -1 : 1));
  };

  const filters = () => {
    const all = make("details", "facets");
    all.open = matchMedia("(min-width: 62rem)").matches;
    all.append(make("summary", "", "Filters"));
    for (const facet of facets) {
      const list = choices(facet);
      if (list.length < 2) continue;
      const set = make("fieldset");
      set.append(make("legend", "", facet.title));
      const box = make("div", "options");
      facet.options = list.map((name) => {
        const label = make("label");
        const input = make("input");
        input.type = "checkbox";
        input.addEventListener("change", () => {
          if (input.checked) facet.chosen.add(name);
          else facet.chosen.delete(name);
          apply();
        });
        const count = make("span", "number");
        const words = facet.key === "impact" ? make("span", `badge ${name}`, name) : make("span", "name", name || facet.none);
        label.append(input, words, count);
        box.append(label);
        return { name, label, count, box: input };
      });
      set.append(box);
      all.append(set);
    }
    find("filters").append(all);
  };

  const clear = () => {
    search.value = "";
    for (const facet of facets) {
      facet.chosen.clear();
      for (const option of facet.options ?? []) option.box.checked = false;
    }
    apply();
  };

  // ---- folds, links, keys ----

  const visible = () => cards.filter((card) => !card.hidden);
  const openAll = (open) => {
    for (const card of visible()) card.open = open;
  };
  const go = (card) => {
    if (!card) return;
    card.querySelector("summary").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const list = visible();
    const here = list.indexOf(document.activeElement.closest?.("details.change"));
    go(here < 0 ? list[by > 0 ? 0 : list.length - 1] : list[here + by]);
  };
  const follow = () => {
    const card = /^#change-\d+$/.test(location.hash) && find(location.hash.slice(1));
    if (!card) return;
    if (card.hidden) clear();
    card.open = true;
    go(card);
  };

  const KEYS = [
    ["j", "next change", () => step(1)],
    ["k", "previous change", () => step(-1)],
    ["o", "open or close it (Enter does, too)", () => {
      const card = document.activeElement.closest?.("details.change");
      if (card) card.open = !card.open;
    }],
    ["e", "open all changes that are shown", () => openAll(true)],
    ["c", "close all", () => openAll(false)],
    ["/", "filter by text", () => search?.focus()],
    ["t", "other colours", () => theme()],
    ["?", "this help", () => help()],
  ];

  let keysOn = true;
  const dialog = make("dialog");
  const help = () => (dialog.open ? dialog.close() : dialog.showModal());
  const helpPage = () => {
    dialog.setAttribute("aria-labelledby", "help-title");
    const title = make("h2", "", "Keys");
    title.id = "help-title";
    const list = make("dl");
    for (const [key, words] of [...KEYS, ["Esc", "leave the filter, or clear it"]]) {
      const term = make("dt");
      term.append(make("kbd", "", key));
      list.append(term, make("dd", "", words));
    }
    const label = make("label");
    const box = make("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => { keysOn = box.checked; });
    label.append(box, "Single keys do something");
    const close = make("button", "", "Close");
    close.type = "button";
    close.addEventListener("click", help);
    dialog.append(title, list, label, close);
    document.body.append(dialog);
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input[type=search], textarea, select");
    if (event.key === "Escape" && typing) {
      if (search.value) clear();
      else search.blur();
      event.preventDefault();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysOn) return;
    if (dialog.open && event.key !== "?") return;
    const key = KEYS.find(([name]) => name === event.key);
    if (!key) return;
    event.preventDefault();
    key[2]();
  });

  // ---- colours ----

  const THEMES = { auto: "Auto", light: "Light", dark: "Dark" };
  const root = document.documentElement;
  const showTheme = () => {
    const now = root.dataset.theme ?? "auto";
    find("theme").textContent = THEMES[now];
    find("theme").setAttribute("aria-label", `Colours: ${now === "auto" ? "as the system has them" : now}`);
  };
  const theme = () => {
    const names = Object.keys(THEMES);
    const next = names[(names.indexOf(root.dataset.theme ?? "auto") + 1) % names.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("macadam-theme", next);
    } catch { /* it holds as long as the page does */ }
    showTheme();
  };

  // ---- paper shows everything ----

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = visible().filter((card) => !card.open);
    for (const card of folded) card.open = true;
    visible().forEach(fill);
  });
  addEventListener("afterprint", () => folded.forEach((card) => { card.open = false; }));

  helpPage();
  showTheme();
  find("theme").addEventListener("click", theme);
  find("keys").addEventListener("click", help);
  if (search) {
    filters();
    search.addEventListener("input", soon);
    find("open").addEventListener("click", () => openAll(true));
    find("close").addEventListener("click", () => openAll(false));
    find("clear").addEventListener("click", () => { clear(); search.focus(); });
    apply();
    addEventListener("hashchange", follow);
    follow();
  }
})();
