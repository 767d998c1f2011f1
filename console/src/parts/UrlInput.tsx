import { TextInput } from '@mantine/core';

const CHARACTERS_MAX = 2_000;

interface UrlInputProps {
  /** What has to be at the address. */
  description: string;
  value: string;
  change(url: string): void;
  fault: string | undefined;
}

/** Where the server sends something, in a form. */
export function UrlInput({ description, value, change, fault }: UrlInputProps) {
  return (
    <TextInput
      label="URL"
      description={description}
      type="url"
      value={value}
      error={fault}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      maxLength={CHARACTERS_MAX}
      required
    />
  );
}
