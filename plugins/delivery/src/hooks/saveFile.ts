/** Gives the browser a file to keep. */
export function saveFile(file: Blob, name: string) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it over by then; in the same turn some have not.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
