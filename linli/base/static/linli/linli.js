/* What makes pages smoother. Every form works without it; words come from the page (data-… on <body>). */
(() => {
  "use strict";
  const say = document.body.dataset;
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  document.documentElement.classList.add("has-script");

  function tell(words) {
    const line = document.createElement("p");
    line.className = "message";
    line.textContent = words;
    document.getElementById("messages").replaceChildren(line);
  }

  /* ---- copy ---- */
  each("[data-copy]", (button) => button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    } catch {
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      document.execCommand("copy");
    }
    button.lastChild.textContent = say.copied;
    tell(say.copied);
  }));

  /* ---- where I stand ---- */
  each("[data-locate]", (button) => button.addEventListener("click", () => {
    const fail = () => tell(say.unlocated);
    if (!navigator.geolocation) return fail();
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.querySelector(button.dataset.latitude).value = coords.latitude.toFixed(6);
      document.querySelector(button.dataset.longitude).value = coords.longitude.toFixed(6);
      button.removeAttribute("aria-busy");
      tell(say.located);
    }, () => { button.removeAttribute("aria-busy"); fail(); }, { enableHighAccuracy: true, timeout: 15000 });
  }));

  /* ---- read aloud, sentence by sentence so that long pages are not cut off ---- */
  each("[data-listen]", (button) => {
    const words = button.lastChild;
    const before = words.textContent;
    const stop = () => { speechSynthesis.cancel(); words.textContent = before; };
    button.addEventListener("click", () => {
      if (!("speechSynthesis" in window)) {
        document.querySelector(button.dataset.instead)?.removeAttribute("hidden");
        return;
      }
      if (speechSynthesis.speaking) return stop();
      const page = document.querySelector(button.dataset.listen);
      const sentences = page.innerText.replace(button.innerText, "").split(/(?<=[。！？；\n])/).filter((part) => part.trim());
      sentences.forEach((sentence, index) => {
        const speech = new SpeechSynthesisUtterance(sentence);
        speech.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
        speech.rate = 0.9;
        if (index === sentences.length - 1) speech.onend = stop;
        speech.onerror = (event) => {
          if (event.error === "interrupted" || event.error === "canceled") return;
          stop();
          document.querySelector(button.dataset.instead)?.removeAttribute("hidden");
        };
        speechSynthesis.speak(speech);
      });
      words.textContent = say.stop;
    });
    addEventListener("pagehide", stop);
  });

  /* ---- photos: previews, and smaller copies of large ones ---- */
  const LARGE = 3 * 1024 * 1024; /* bytes; smaller ones travel as they are */
  const EDGE = 2560; /* px of the longer side */

  /* The APP1 segment holds when and where: kept for the handlers (the server strips it), its orientation set upright
     because the canvas has turned the picture already. */
  function exifOf(bytes) {
    const view = new DataView(bytes.buffer);
    if (view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 4 < view.byteLength && view.getUint8(at) === 0xff;) {
      const marker = view.getUint16(at);
      const length = view.getUint16(at + 2);
      if (marker === 0xffda) return null;
      if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return upright(bytes.slice(at, at + 2 + length));
      at += 2 + length;
    }
    return null;
  }

  function upright(segment) {
    const view = new DataView(segment.buffer);
    const start = 10;
    const little = view.getUint16(start) === 0x4949;
    const directory = start + view.getUint32(start + 4, little);
    for (let entry = 0; entry < view.getUint16(directory, little); entry += 1) {
      const at = directory + 2 + entry * 12;
      if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
    }
    return segment;
  }

  async function smaller(file) {
    if (file.size < LARGE || file.type !== "image/jpeg") return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const drawn = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
      if (!drawn || drawn.size >= file.size) return file;
      const exif = exifOf(new Uint8Array(await file.arrayBuffer()));
      const parts = exif ? [drawn.slice(0, 2), exif, drawn.slice(2)] : [drawn];
      return new File(parts, file.name, { type: "image/jpeg", lastModified: file.lastModified });
    } catch {
      return file; /* whatever this browser cannot read, the server will judge */
    }
  }

  each("input[data-photos]", (input) => input.addEventListener("change", async () => {
    const chosen = await Promise.all([...input.files].map(smaller));
    const basket = new DataTransfer();
    chosen.forEach((file) => basket.items.add(file));
    input.files = basket.files;
    const box = document.querySelector(input.dataset.photos);
    box?.replaceChildren(...chosen.filter((file) => file.type.startsWith("image/")).map((file) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      return image;
    }));
  }));

  /* ---- a voice message: recorded into the file input ---- */
  each("input[data-record]", (input) => {
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
    const row = document.createElement("div");
    const button = document.createElement("button");
    const player = document.createElement("audio");
    row.className = "recorder";
    button.type = "button";
    button.className = "btn btn-outline-primary";
    button.textContent = say.record;
    player.controls = true;
    player.hidden = true;
    row.append(button, player);
    input.before(row);
    let recorder = null;
    button.addEventListener("click", async () => {
      if (recorder?.state === "recording") return recorder.stop();
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        row.remove(); /* no microphone, or not allowed: the file input below remains */
        return;
      }
      const parts = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        const type = recorder.mimeType.split(";")[0] || "audio/webm";
        const basket = new DataTransfer();
        basket.items.add(new File(parts, `voice.${type.split("/")[1]}`, { type }));
        input.files = basket.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        player.src = URL.createObjectURL(basket.files[0]);
        player.hidden = false;
        button.textContent = say.recorded;
      };
      recorder.start();
      button.textContent = say.recording;
    });
  });

  /* ---- forms ---- */
  each("textarea[data-count]", (area) => {
    const most = Number(area.dataset.count);
    const line = document.createElement("p");
    line.className = "help";
    line.setAttribute("aria-live", "polite");
    area.after(line);
    area.addEventListener("input", () => {
      const left = most - [...area.value].length;
      line.textContent = left > most / 10 ? "" : (left < 0 ? say.over : say.left).replace("#", Math.abs(left));
    });
  });
  each("form[data-once]", (form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  }));
  each("form[data-submit-on-change]", (form) => form.addEventListener("change", () => form.requestSubmit()));
  document.querySelector(".form-errors, .refusal")?.scrollIntoView({ block: "center" });
  document.querySelector(".has-error input, .has-error textarea, .has-error select")?.focus({ preventScroll: true });
})();
