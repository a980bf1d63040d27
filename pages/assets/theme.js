// Light and dark: the system's choice until the visitor makes one. Runs before the first paint, so not a module.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try { return localStorage.getItem('theme'); } catch { return null; }
  };
  const store = (theme) => {
    try { localStorage.setItem('theme', theme); } catch { /* then the choice lasts as long as the page */ }
  };
  const shown = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');

  if (stored()) root.dataset.theme = stored();
  document.addEventListener('DOMContentLoaded', () => {
    document.querySelector('#theme')?.addEventListener('click', () => {
      root.dataset.theme = shown() === 'dark' ? 'light' : 'dark';
      store(root.dataset.theme);
    });
  });
})();
