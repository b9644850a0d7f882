import { readMissingModule } from '../notebook/offers/missing-module';

describe('The module that is missing', () => {
  it.each([
    ['ModuleNotFoundError', "No module named 'shap'", 'shap'],
    ['ModuleNotFoundError', "No module named 'google.cloud.storage'", 'google.cloud.storage'],
    ['ModuleNotFoundError', "No module named 'json.fast'; 'json' is not a package", 'json.fast'],
    ['ModuleNotFoundError', "No module named 'größe'", 'größe'],
    ['ImportError', 'No module named shap', 'shap'],
    [
      'ImportError',
      "Missing optional dependency 'openpyxl'.  Use pip or conda to install openpyxl.",
      'openpyxl'
    ]
  ])('is read from %s: %s', (ename, evalue, module) => {
    expect(readMissingModule({ ename, evalue })).toBe(module);
  });

  it.each([
    ['another error', 'NameError', "No module named 'shap'"],
    ['a name that cannot be imported', 'ImportError', "cannot import name 'shap' from 'numpy'"],
    ['markup', 'ModuleNotFoundError', "No module named '<img src=x onerror=alert(1)>'"],
    ['a path', 'ModuleNotFoundError', "No module named '../../etc'"],
    ['an option', 'ModuleNotFoundError', "No module named '--index-url'"],
    ['what stands behind a line break', 'ModuleNotFoundError', "No module named 'a'\nNo module named 'b'"],
    ['a name that is too long', 'ModuleNotFoundError', `No module named '${'a'.repeat(201)}'`],
    ['something that is no text', 'ModuleNotFoundError', ["No module named 'shap'"]]
  ])('is not read from %s', (_, ename, evalue) => {
    expect(readMissingModule({ ename, evalue })).toBeNull();
  });
});
