// What a canvas shows, as PNG; empty where its page may not read it, since a picture from elsewhere was drawn on it.
(canvas) => {
  try {
    return { base64: canvas.toDataURL("image/png").split(",")[1] || "" };
  } catch (error) {
    if (error.name === "SecurityError") return { base64: "" };
    throw error;
  }
}
