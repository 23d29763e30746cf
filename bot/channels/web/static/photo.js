// The photo that goes along with the next message: chosen or pasted, made smaller, shown before it is sent.
// Used by chat.js.

const LARGEST_SIDE = 2560; // pixels, as the server keeps them
const TYPES = ["image/jpeg", "image/png", "image/webp"];

export class PhotoField {
  #blob = null;

  /** `refused(reason)` is called with "too_large" or "no_photo". */
  constructor(input, preview, largest, refused) {
    Object.assign(this, { input, preview, largest, refused });
    input.addEventListener("change", () => input.files[0] && this.choose(input.files[0]));
    preview.querySelector("button").addEventListener("click", () => {
      this.take();
      input.focus();
    });
  }

  async choose(file) {
    const blob = await smaller(file);
    this.input.value = "";
    if (!blob) return this.refused("no_photo");
    if (blob.size > this.largest) return this.refused("too_large");
    this.#blob = blob;
    this.preview.querySelector("img").src = URL.createObjectURL(blob);
    this.preview.hidden = false;
  }

  /** The photo, once; null when there is none. */
  take() {
    const blob = this.#blob;
    this.#blob = null;
    this.preview.hidden = true;
    return blob;
  }
}

/** The file itself when it is small, else a JPEG of the size that the server keeps; null when it is no picture. */
async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && TYPES.includes(file.type) && file.size < 1_000_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  } catch {
    return null;
  }
}
