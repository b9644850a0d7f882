/**
 * Which environments have kernels, and how many of those run, as the host knows it.
 */
import type { ServiceManager } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { kernelsOf } from '../commands/kernels';
import type { IKernels } from './context';

/** Watch the kernels of all environments. */
export function kernelsOfEnvironments(services: ServiceManager.IManager): IKernels {
  const changed = new Signal<object, void>(services);
  const tell = (): void => changed.emit();
  services.kernelspecs.specsChanged.connect(tell);
  services.kernels.runningChanged.connect(tell);
  return {
    changed,
    has: (namespace, name) => kernelsOf(services, { namespace, name }).length > 0,
    running: (namespace, name) => {
      const names = kernelsOf(services, { namespace, name });
      return Array.from(services.kernels.running()).filter(kernel => names.includes(kernel.name)).length;
    }
  };
}
