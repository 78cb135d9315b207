import { z } from 'zod';
import { languageSettingSchema } from './language.ts';
import type { NetworkId } from './network.ts';
import { isNetworkId } from './network.ts';
import { MAX_INTERFACE_NAME_UNITS } from './network-interface.ts';
import type { PeerId } from './peer.ts';
import { isPeerId } from './peer.ts';
import { existingChoiceSchema } from './plan.ts';

export const DEFAULT_PORT = 47710;
export const MAX_DEVICE_NAME_GRAPHEMES = 64;
const MAX_TRUSTED_NETWORKS = 100;
export const MAX_FAVOURITES = 200;

export const VISIBILITIES = ['everyone', 'paired', 'hidden'] as const;
/** Who finds this device, and whose offers are put before its person. */
export type Visibility = (typeof VISIBILITIES)[number];

export const REACHABLE_FROM = ['local', 'anywhere'] as const;
/** Whose connections are taken: of this computer's own networks and private addresses, or all. */
export type ReachableFrom = (typeof REACHABLE_FROM)[number];

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Slower is no help to anybody: the least that a frame waits for takes a second then. */
const MIN_BYTES_PER_SECOND = 16 * 1024;

const visibility = z.enum(VISIBILITIES);
const reachableFrom = z.enum(REACHABLE_FROM);
const network = z.object({
  id: z.custom<NetworkId>((v) => typeof v === 'string' && isNetworkId(v)),
  label: z.string().max(64),
});

const peer = z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v));

const deviceName = z.string().min(1).max(256).nullable();
const port = z.int().min(0).max(65535);
const bytesPerSecond = z.int().min(MIN_BYTES_PER_SECOND).nullable();
const theme = z.enum(THEMES);
const networkInterface = z.string().min(1).max(MAX_INTERFACE_NAME_UNITS).nullable();

/** What the person may set; the file settings.json in the home folder holds exactly this. */
export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  /** null: the computer's own name. */
  deviceName: deviceName.default(null),
  /** Where received files go; null: the Downloads folder. */
  directory: z.string().min(1).nullable().default(null),
  port: port.default(DEFAULT_PORT),
  accept: z.enum(['ask', 'paired', 'all']).default('ask'),
  /** For names that are taken, where nobody is asked; where somebody is, it is what they start from. */
  existing: existingChoiceSchema.default('keepBoth'),
  visibility: visibility.default('everyone'),
  reachableFrom: reachableFrom.default('local'),
  /** The one network interface that is used, by its name; null: all. */
  interface: networkInterface.default(null),
  /** Over these a paired device may be accepted without asking, where its rule says so. */
  trustedNetworks: z.array(network).max(MAX_TRUSTED_NETWORKS).default([]),
  /** Devices that are listed first, by the ids that they claim. */
  favourites: z.array(peer).max(MAX_FAVOURITES).default([]),
  language: languageSettingSchema.default('system'),
  theme: theme.default('system'),
  /** What all that is sent takes together; null: as much as there is. */
  sendBytesPerSecond: bytesPerSecond.default(null),
  /** Of the desktop program: started with the person's session, without its window. */
  openAtLogin: z.boolean().default(false),
  /** Of the desktop program: a window that is closed leaves it running. */
  closeToTray: z.boolean().default(false),
  /** The person has seen the first screen. Settings that were written before there was one say so too. */
  isWelcomed: z.boolean().default(true),
});

export type Settings = z.infer<typeof settingsSchema>;
export type AcceptPolicy = Settings['accept'];

/**
 * What the window may change by itself; a folder comes in as a folder id (see contract.ts). No defaults:
 * what is not named stays as it is.
 */
export const settingsPatchSchema = z
  .object({
    deviceName,
    port,
    existing: existingChoiceSchema,
    visibility,
    reachableFrom,
    interface: networkInterface,
    language: languageSettingSchema,
    theme,
    sendBytesPerSecond: bytesPerSecond,
    openAtLogin: z.boolean(),
    closeToTray: z.boolean(),
    isWelcomed: z.literal(true),
  })
  .partial()
  .strict();

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
