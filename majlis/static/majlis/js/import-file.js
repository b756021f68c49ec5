// The name of the table that was chosen, in the page's own words and not the browser's.
const file = document.getElementById("import-file");
const show = () => (document.getElementById("import-name").textContent = file.files[0]?.name ?? "");

file.addEventListener("change", show);
show();
