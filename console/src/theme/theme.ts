import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

/** Around the accent of tokens.css, which is what components show; steps are for the few that ask for one. */
const ACCENT: MantineColorsTuple = [
  '#e8f4fb',
  '#d0e7f5',
  '#a8d3ec',
  '#6cb8e6',
  '#3f9dd3',
  '#2384bb',
  '#1671a4',
  '#0f5f8c',
  '#0b4c71',
  '#083a57',
];

/** The greys of tokens.css in the dark, for what Mantine paints by itself: code, switched-off buttons, choices. */
const DARK: MantineColorsTuple = [
  '#e6e8ec',
  '#c3c9d2',
  '#a3abb8',
  '#828b99',
  '#4a515e',
  '#3a404b',
  '#2c313a',
  '#1c1f25',
  '#181b20',
  '#14161a',
];

/** Sizes and spaces of the console; colours are in tokens.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  colors: { accent: ACCENT, dark: DARK },
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  // Mantine chooses the text of a filled component for the light scheme alone, and its tint is darker than the ground in the dark.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    const isAccent = input.color === undefined || input.color === 'accent';
    if (!isAccent) return colors;
    if (input.variant === 'filled') return { ...colors, color: 'var(--accent-text)' };
    // An action without a border is a text in the color of links.
    if (input.variant === 'subtle') return { ...colors, hover: 'var(--running-tint)', color: 'var(--accent)' };
    if (input.variant === 'light')
      return { ...colors, background: 'var(--running-tint)', hover: 'var(--running-tint)', color: 'var(--accent)' };
    return colors;
  },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.3', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.3' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '16px', lineHeight: '1.35' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    // The placeholder is a child that a menu may not have (axe: aria-required-children).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Select: { defaultProps: { size: 'sm' } },
  },
});
