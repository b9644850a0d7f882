/**
 * The machine that a version was locked on, and what stands between it and this one.
 */
import React from 'react';

import type { IMachine, IVersion } from '../api/types';
import { Banner } from '../components/empty';
import { warningIcon } from '../components/icons';
import { Sentence } from '../components/sentence';
import { useTranslation } from '../components/translation';
import { referenceOf } from '../model/references';
import { useEnvironmentContext } from './context';
import { useRead } from './read';

export function ShareMachine({ version }: { version: IVersion }): React.ReactElement | null {
  const { client } = useEnvironmentContext();
  const trans = useTranslation();
  const key = referenceOf(version.namespace, version.name, version.number);
  const report = useRead(key, async () => ({ key, machines: await client.machines(version) })).value;
  if (report?.key !== key) {
    return null;
  }
  const { locked, built, differences } = report.machines;
  const places = [
    { label: trans.__('Locked on'), machine: locked },
    // Where both are of one kind, saying it twice tells nothing.
    {
      label: trans.__('Built on'),
      machine: built && machineText(built) !== (locked && machineText(locked)) ? built : null
    }
  ];
  return (
    <>
      {places.map(
        ({ label, machine }) =>
          machine && (
            <div key={label} className="envstore-bar envstore-share-line">
              <span>{label}</span>
              <span className="envstore-muted envstore-clip" title={virtualText(machine)}>
                {machineText(machine)}
              </span>
            </div>
          )
      )}
      {differences.map(difference => (
        <Banner key={difference} look="warn" icon={warningIcon}>
          <Sentence text={difference} />
        </Banner>
      ))}
    </>
  );
}

/** A kind of machine in a line: "Debian GNU/Linux 12, glibc 2.36, x86-64-v3". */
export function machineText(machine: IMachine): string {
  const { platform, system, system_version: number, libc, level, processor, cuda } = machine;
  return [
    [system || platform, number].filter(Boolean).join(' '),
    libc && `glibc ${libc}`,
    level || processor,
    cuda && `CUDA ${cuda}`
  ]
    .filter(Boolean)
    .join(', ');
}

function virtualText({ processor, virtual_packages: offered }: IMachine): string {
  const listed = Object.entries(offered).map(([name, version]) => `${name} ${version}`.trim());
  return [processor, ...listed].filter(Boolean).join('\n');
}
