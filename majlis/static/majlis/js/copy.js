// Copies the value of a field beside its button; without a clipboard (plain http) the text is selected instead.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return;
    }
    button.querySelector('span').textContent = button.dataset.copied;
  });
}
