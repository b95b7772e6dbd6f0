"use strict";
// The reader's choice of colours, before anything is painted.
document.documentElement.classList.add("scripts");
try {
  const theme = localStorage.getItem("macadam-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* a page without storage follows the system */ }
