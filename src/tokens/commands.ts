/**
 * Commands that other extensions may run.
 */

/** A part of the environment tab. */
export type EnvironmentTab = 'packages' | 'yaml' | 'versions' | 'builds' | 'share';

/** Commands that other extensions may run, with their arguments. */
export const CommandIDs = {
  /** Show the panel. No arguments. */
  openPanel: 'envstore:open-panel',
  /** Read everything again. No arguments. */
  refresh: 'envstore:refresh',
  /** Open the tab of an environment: `{namespace, name, tab?: EnvironmentTab, build?: number}`. */
  openEnvironment: 'envstore:open-environment',
  /** Open the dialog for a new one: `{specification?: string, path?: string, packages?: string[]}`. */
  newEnvironment: 'envstore:new-environment',
  /** Choose a file on this computer and open the dialog with it. No arguments. */
  importFile: 'envstore:import-file',
  /** Open the dialog with the file that is selected in the file browser: `{path?: string}`. */
  createFromFile: 'envstore:create-from-file',
  /** Open a new notebook on an environment: `{namespace?, name?, cwd?}`; asks which one when it is not named. */
  openNotebook: 'envstore:open-notebook',
  /** Open a terminal in which an environment is active: `{namespace?, name?}`. */
  openTerminal: 'envstore:open-terminal',
  /** Put the command that activates an environment in a shell into the clipboard: `{namespace?, name?}`. */
  copyActivate: 'envstore:copy-activate-command',
  /** Cancel a build: `{build}`, or that of `{namespace, name}`. */
  cancelBuild: 'envstore:cancel-build',
  /** Queue a failed build again: `{build}`, or that of `{namespace, name}`. */
  retryBuild: 'envstore:retry-build',
  /** Delete an environment after asking, or without where no version was built: `{namespace?, name?, dismiss?}`. */
  deleteEnvironment: 'envstore:delete-environment',
  /** Bring back a deleted environment: `{namespace, name}`. */
  undelete: 'envstore:undelete-environment',
  /** Give an environment another name: `{namespace?, name?, newName?}`. */
  renameEnvironment: 'envstore:rename-environment',
  /** Make an environment with the same packages: `{namespace?, name?, version?, newName?}`. */
  cloneEnvironment: 'envstore:clone-environment',
  /** Preview, or build, a version with newer packages: `{namespace?, name?, packages?: string[], build?: boolean}`. */
  updateEnvironment: 'envstore:update-environment',
  /** Have updates prepared or not: `{namespace?, name?, schedule?: 'off' | 'weekly'}`. */
  scheduleUpdates: 'envstore:schedule-updates',
  /** Make a version the active one: `{namespace?, name?, version?: number}`. */
  activateVersion: 'envstore:activate-version',
  /** Show two versions side by side: `{namespace?, name?, version?, against?: 'namespace/name@3'}`. */
  compareVersions: 'envstore:compare-versions',
  /** Keep the files of a version: `{namespace?, name?, version?}`. */
  pinVersion: 'envstore:pin-version',
  /** Let the files of a version go when nobody needs them: `{namespace?, name?, version?}`. */
  unpinVersion: 'envstore:unpin-version',
  /** Say what a version is for: `{namespace?, name?, version?, message?}`. */
  describeVersion: 'envstore:describe-version',
  /** Delete a version after asking: `{namespace?, name?, version?}`. */
  deleteVersion: 'envstore:delete-version',
  /** Read every file of a version: `{namespace?, name?, version?}`; the active one when not named. */
  verifyVersion: 'envstore:verify-version',
  /** Make the files of a version anew: `{namespace?, name?, version?}`; the active one when not named. */
  repairVersion: 'envstore:repair-version',
  /** Let the notebook in front stay with a version: `{namespace?, name?, version?}`. */
  pinNotebook: 'envstore:pin-notebook',
  /** Let the notebook in front follow the active version again: `{namespace?, name?, version?}`, only from that one. */
  unpinNotebook: 'envstore:unpin-notebook',
  /** Let the notebook in front carry a version: `{environment?: 'namespace/name@3', platforms?: string[]}`. */
  embed: 'envstore:embed',
  /** Take out of the notebook in front the environment that it carries, after asking. No arguments. */
  strip: 'envstore:strip',
  /** Offer to build what a notebook carries, or to switch to it where it is here. No arguments. */
  restoreNotebook: 'envstore:restore-notebook',
  /** Show beside a notebook what stands between it and the same results elsewhere: `{activate?: boolean}`. */
  reportNotebook: 'envstore:report-notebook',
  /** Preview an environment with further packages: `{namespace?, name?, packages?: string[], pip?: string[]}`. */
  addPackages: 'envstore:add-packages',
  /** Free what nobody needs after asking. No arguments. */
  freeDisk: 'envstore:free-disk'
} as const;
