"""What is measured on a page in the browser: texts, what is tapped, gaps between paragraphs, sideways scrolling."""

MEASURE = """
() => {
  const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
    e.getBoundingClientRect().bottom > 0 && e.getBoundingClientRect().width > 1;
  const words = (e) => `${e.tagName} .${e.className} ${(e.innerText || e.value || e.name || "").trim()}`.slice(0, 70);
  const inText = (e) => {  // a link in running text may be as high as its line (WCAG 2.5.8, inline)
    const around = e.closest("p, li, dd, td, th, span.help, label");
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline" || !around) return false;
    return around.innerText.trim().length > e.innerText.trim().length;
  };
  const texts = [], targets = [], gaps = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !seen(e) || e.closest(".skip-link, script, option")) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight);
    texts.push({ size, ratio: line / size, isMain: !!e.closest("main"), words: words(e) });
  }
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    const around = e.matches("[type=checkbox], [type=radio]") ? e.closest("label") ?? e : e;
    if (e.type === "hidden" || !seen(around) || e.classList.contains("skip-link") || inText(e)) continue;
    const box = around.getBoundingClientRect();
    targets.push({ width: box.width, height: box.height, words: words(e) });
  }
  for (const p of document.querySelectorAll("main p + p")) {
    const before = p.previousElementSibling;
    const apart = p.closest(".timeline, .state, .receipt, .empty, .refusal, .error, #messages");
    if (!seen(p) || !seen(before) || apart) continue;
    const style = getComputedStyle(p);
    gaps.push({ gap: p.getBoundingClientRect().top - before.getBoundingClientRect().bottom,
      line: parseFloat(style.lineHeight), words: words(p) });
  }
  return { texts, targets, gaps, sideways: document.documentElement.scrollWidth - innerWidth,
    main: parseFloat(getComputedStyle(document.querySelector("main")).fontSize) };
}
"""
