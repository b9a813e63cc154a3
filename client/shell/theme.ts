/** Light, dark, or as the system prefers; kept in this browser. public/theme.js sets it before the first drawing. */
import { type Accessor, createSignal } from "solid-js";
import { store } from "../ui/stored.ts";

export type Theme = "system" | "light" | "dark";

const key = "ecoman.theme";

export function createTheme(): [Accessor<Theme>, (theme: Theme) => void] {
  const [theme, setTheme] = createSignal<Theme>(stored());
  return [
    theme,
    (chosen) => {
      store(key, chosen === "system" ? "" : chosen);
      if (chosen === "system") delete document.documentElement.dataset["theme"];
      else document.documentElement.dataset["theme"] = chosen;
      setTheme(chosen);
    },
  ];
}

function stored(): Theme {
  const theme = document.documentElement.dataset["theme"];
  return theme === "light" || theme === "dark" ? theme : "system";
}
