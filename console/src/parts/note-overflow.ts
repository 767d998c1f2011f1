/**
 * Of an element that scrolls sideways, as its `ref`: it has `data-more` while something is hidden at its right edge, which then fades
 * (theme/tokens.css).
 */
export function noteOverflow(frame: HTMLElement | null): (() => void) | undefined {
  if (frame === null) return undefined;
  const look = () => {
    // Browsers round the widths.
    const hidden = frame.scrollWidth - frame.clientWidth - frame.scrollLeft;
    frame.toggleAttribute('data-more', hidden > 1);
  };
  const observer = new ResizeObserver(look);
  for (const element of [frame, ...frame.children]) observer.observe(element);
  frame.addEventListener('scroll', look, { passive: true });
  return () => {
    observer.disconnect();
    frame.removeEventListener('scroll', look);
  };
}
