/**
 * Which environments have kernels, and which versions those run that are running.
 */
import type { ServiceManager } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { kernelsOf } from '../commands/kernels';
import type { RunningVersions } from '../model/running-versions';
import type { IKernels } from './context';

/** Watch the kernels of all environments. */
export function kernelsOfEnvironments(
  services: ServiceManager.IManager,
  versions: RunningVersions
): IKernels {
  const changed = new Signal<object, void>(services);
  const tell = (): void => changed.emit();
  services.kernelspecs.specsChanged.connect(tell);
  services.kernels.runningChanged.connect(tell);
  versions.changed.connect(tell);
  return {
    changed,
    has: (namespace, name) => kernelsOf(services, { namespace, name }).length > 0,
    running: (namespace, name) => {
      const names = kernelsOf(services, { namespace, name });
      const specs = services.kernelspecs.specs?.kernelspecs;
      const startedBy = (kernel: string): number =>
        (specs?.[kernel]?.metadata?.envstore as { version: number }).version;
      return Array.from(services.kernels.running())
        .filter(kernel => names.includes(kernel.name))
        .map(kernel => versions.version(kernel.id) ?? startedBy(kernel.name));
    }
  };
}
