import type { JSX } from "solid-js";
import { Icon, type IconName } from "../ui/icon.tsx";
import { createTheme, type Theme } from "./theme.ts";

const next: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const icons: Readonly<Record<Theme, IconName>> = { system: "auto", light: "sun", dark: "moon" };
const words: Readonly<Record<Theme, string>> = { system: "as the system", light: "light", dark: "dark" };

export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = createTheme();
  const label = () => `Theme: ${words[theme()]}. Switch to ${words[next[theme()]]}`;
  return (
    <button
      type="button"
      class="button"
      data-look="bare"
      aria-label={label()}
      title={label()}
      onClick={() => setTheme(next[theme()])}
    >
      <Icon name={icons[theme()]} />
    </button>
  );
}
