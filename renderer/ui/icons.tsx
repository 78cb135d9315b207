import type { ReactNode } from 'react';

/** Drawn with one pen: 24 units, a line of 1.6. All are decoration: the words beside them say it. */

function drawn(children: ReactNode, size = 20) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const PictureIcon = () =>
  drawn(
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="1.5" />
      <path d="m4 16.5 4.5-4.5 4 4 2.5-2.5 5 4.5" />
      <circle cx="15.5" cy="9.5" r="1.4" />
    </>,
  );

export const FileIcon = () =>
  drawn(
    <>
      <path d="M7 3.5h6.5L18 8v11.5a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1Z" />
      <path d="M13.5 3.5V8H18" />
    </>,
  );

export const FolderIcon = () =>
  drawn(
    <path d="M3.5 18V6.5a1 1 0 0 1 1-1h4.6l2 2.5h8.4a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1Z" />,
  );

export const SeveralIcon = () =>
  drawn(
    <>
      <path d="M9 3.5h5.5L19 8v8.5a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1v-12a1 1 0 0 1 1-1Z" />
      <path d="M14.5 3.5V8H19M5 7v12.5a1 1 0 0 0 1 1h9" />
    </>,
  );

/** Lines of writing. */
export const TextIcon = () => drawn(<path d="M5 6.5h14M5 11h14M5 15.5h9" />);

export const CopyIcon = () =>
  drawn(
    <>
      <rect x="8.5" y="8.5" width="11" height="11.5" rx="1.2" />
      <path d="M15.5 5.2a1.2 1.2 0 0 0-1.2-1.2H5.7a1.2 1.2 0 0 0-1.2 1.2v9.1a1.2 1.2 0 0 0 1.2 1.2" />
    </>,
    18,
  );

export const LinkIcon = () =>
  drawn(
    <>
      <path d="m10.2 13.8 3.6-3.6M9 9.6 6.2 12.4a3.9 3.9 0 0 0 5.4 5.4l2.8-2.8" />
      <path d="m15 14.4 2.8-2.8a3.9 3.9 0 0 0-5.4-5.4L9.6 9" />
    </>,
  );

/** A shield with a tick: known by its key. */
export const PairedIcon = () =>
  drawn(
    <>
      <path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6l-7-2.5Z" />
      <path d="m9 11.8 2.2 2.2 4-4.2" />
    </>,
  );

export const SearchIcon = () =>
  drawn(
    <>
      <circle cx="10.5" cy="10.5" r="5.8" />
      <path d="m14.8 14.8 4.4 4.4" />
    </>,
    18,
  );

export const ClearIcon = () => drawn(<path d="m7.5 7.5 9 9m0-9-9 9" />, 16);

/** Points down; turned by what it stands in when that is open. */
export const OpensIcon = () => drawn(<path d="m7 10 5 5 5-5" />, 16);

export const TickIcon = () => drawn(<path d="m5.5 12.5 4.3 4.3 8.7-9.3" />);

/** What is listed first. */
export const StarIcon = () =>
  drawn(
    <path d="m12 3.8 2.5 5.3 5.7.7-4.2 4 1.1 5.7L12 16.7l-5.1 2.8L8 13.8l-4.2-4 5.7-.7L12 3.8Z" />,
  );

export const SettingsIcon = () =>
  drawn(
    <>
      <path d="M4 7h9M18 7h2M4 17h2M11 17h9" />
      <circle cx="15.5" cy="7" r="2.3" />
      <circle cx="8.5" cy="17" r="2.3" />
    </>,
  );

export const HistoryIcon = () =>
  drawn(
    <>
      <path d="M4.2 9.2A8.3 8.3 0 1 1 3.7 12M3.5 5v4.3h4.3" />
      <path d="M12 7.8V12l2.8 1.8" />
    </>,
  );

export const BackIcon = () => drawn(<path className="mirrors" d="M19 12H5m6-6-6 6 6 6" />);

/** Onward along the line of reading. */
export const SendIcon = () => drawn(<path className="mirrors" d="M5 12h14m-6-6 6 6-6 6" />);

export const PlusIcon = () => drawn(<path d="M12 5.5v13M5.5 12h13" />, 18);

export const BrokenIcon = () =>
  drawn(
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.8v5M12 16.1v.1" />
    </>,
  );

const screen = <path d="M5 5.5h14a1 1 0 0 1 1 1v9H4v-9a1 1 0 0 1 1-1Z" />;

/** Kinds of devices: a laptop, a slim one, a screen on a foot, and one that is only known to be there. */
export const DeviceIcons = {
  linux: () =>
    drawn(
      <>
        {screen}
        <path d="M2.5 18.5h19M8.5 9.2l2 1.8-2 1.8M12.5 13h3" />
      </>,
      28,
    ),
  macos: () =>
    drawn(
      <>
        {screen}
        <path d="M2.5 18.5h19M10.5 5.5v.9h3v-.9" />
      </>,
      28,
    ),
  windows: () =>
    drawn(
      <>
        <path d="M4.5 4.5h15a1 1 0 0 1 1 1v10h-17v-10a1 1 0 0 1 1-1ZM12 15.5v4M8 19.5h8" />
        <path d="M9 8h2.6v2H9zM12.4 8H15v2h-2.6zM9 10.8h2.6v2H9zM12.4 10.8H15v2h-2.6z" />
      </>,
      28,
    ),
  other: () =>
    drawn(
      <>
        <rect x="4" y="5" width="16" height="12" rx="1.5" />
        <path d="M9 20h6M12 17v3" />
        <circle cx="12" cy="11" r="1.4" />
      </>,
      28,
    ),
} as const;
