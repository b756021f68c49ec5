// A short sound of two notes, made here; this browser's own switch for it stands in the settings.

const SWITCH = "majlis-sound";
const NOTES = [660, 880]; // Hz
const NOTE_SECONDS = 0.14;
const LOUDNESS = 0.12;

function isOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

/** Sound, if it is wanted here and this page was used before: browsers allow none else. */
export function chime() {
  if (!isOn() || !(navigator.userActivation?.hasBeenActive ?? true)) return;
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  NOTES.forEach((pitch, index) => {
    const at = audio.currentTime + index * NOTE_SECONDS;
    const note = audio.createOscillator();
    note.frequency.value = pitch;
    note.connect(volume);
    volume.gain.setValueAtTime(LOUDNESS, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
    note.start(at);
    note.stop(at + NOTE_SECONDS);
    if (index === NOTES.length - 1) note.onended = () => audio.close();
  });
}

const box = document.getElementById("sound-on");
if (box) {
  box.checked = isOn();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SWITCH, box.checked ? "on" : "off");
    } catch {
      box.checked = true;
    }
    if (box.checked) chime();
  });
}
