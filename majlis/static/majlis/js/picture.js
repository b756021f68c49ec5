// A picture that was chosen is uploaded at once: the name of its file tells nobody anything.
const file = document.getElementById("picture-file");

file.addEventListener("change", () => {
  if (file.files.length) file.form.requestSubmit(file.form.querySelector("[data-upload]"));
});
document.documentElement.classList.add("has-picture-js");
