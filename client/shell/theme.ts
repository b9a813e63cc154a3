/** Light, dark, or as the system prefers; kept in this browser. public/theme.js sets it before the first drawing. */
import { type Accessor, createSignal } from "solid-js";

export type Theme = "system" | "light" | "dark";

const key = "ecoman.theme";

export function createTheme(): [Accessor<Theme>, (theme: Theme) => void] {
  const [theme, setTheme] = createSignal<Theme>(stored());
  return [
    theme,
    (chosen) => {
      if (chosen === "system") {
        localStorage.removeItem(key);
        delete document.documentElement.dataset["theme"];
      } else {
        localStorage.setItem(key, chosen);
        document.documentElement.dataset["theme"] = chosen;
      }
      setTheme(chosen);
    },
  ];
}

function stored(): Theme {
  const theme = document.documentElement.dataset["theme"];
  return theme === "light" || theme === "dark" ? theme : "system";
}
