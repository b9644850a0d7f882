import { readInstallations } from '../notebook/offers/installations';

const texts = (source: string): string[] =>
  readInstallations(source).wanted.map(({ manager, text }) => `${manager}: ${text}`);
const leftOut = (source: string): readonly string[] => readInstallations(source).leftOut;

describe('A command that installs', () => {
  it.each([
    ['%pip install shap', ['pip: shap']],
    ['pip install shap', ['pip: shap']],
    ['!pip install shap', ['pip: shap']],
    ['  !pip3.12 install shap', ['pip: shap']],
    ['!!pip install shap', ['pip: shap']],
    ['out = !pip install shap', ['pip: shap']],
    ['!python -m pip install shap', ['pip: shap']],
    ['!{sys.executable} -m pip install shap', ['pip: shap']],
    ['!"{sys.executable}" -m pip install shap', ['pip: shap']],
    ['!$sys.executable -m pip install shap', ['pip: shap']],
    ['!/opt/py/bin/python3 -mpip install shap', ['pip: shap']],
    ['!uv pip install shap', ['pip: shap']],
    ['%uv pip install shap', ['pip: shap']],
    ['!python -m uv pip install shap', ['pip: shap']],
    ['!sudo PIP_X=1 pip install shap', ['pip: shap']],
    ['%conda install shap', ['conda: shap']],
    ['!conda install -y -c conda-forge shap', ['conda: shap']],
    ['!conda install --yes --prefix {sys.prefix} shap', ['conda: shap']],
    ['!conda install -p $CONDA_PREFIX shap', ['conda: shap']],
    ['!uv pip install --python={sys.executable} shap', ['pip: shap']],
    ['!conda install pillow>=9.0.0', ['conda: pillow >=9.0.0']],
    ['%mamba install shap', ['conda: shap']],
    ['!micromamba install shap', ['conda: shap']],
    ['!pip --quiet install shap', ['pip: shap']],
    ['!cd /tmp && pip install shap; echo done', ['pip: shap']],
    ['!yes | conda install shap', ['conda: shap']],
    ['%%bash\nset -e\npip install shap\n', ['pip: shap']],
    ['%%capture\n%pip install shap', ['pip: shap']],
    ['import os\nif True:\n    !pip install shap', ['pip: shap']]
  ])('is known: %s', (source, found) => {
    expect(texts(source)).toEqual(found);
  });

  it.each([
    ['%pip install shap lime', ['pip: shap', 'pip: lime']],
    ['%pip install shap\n!conda install lime', ['pip: shap', 'conda: lime']],
    ['!pip install \\\n  shap \\\n  lime', ['pip: shap', 'pip: lime']],
    ['%pip install shap shap==0.46', ['pip: shap ==0.46']],
    ['%pip install "shap >=0.4, <1" # the models need it', ['pip: shap >=0.4,<1']],
    ["!pip install 'shap~=0.46.0' > /dev/null 2>&1", ['pip: shap ~=0.46.0']],
    // A shell would write to a file of that name; nobody means that.
    ['!pip install shap>=0.4', ['pip: shap >=0.4']],
    ['%pip install shap===0.46', ['pip: shap ==0.46']],
    ["%pip install 'requests[socks, use_chardet]>=2'", ['pip: requests[socks,use_chardet] >=2']],
    ['%pip install "tomli; python_version < \'3.11\'"', ["pip: tomli ; python_version < '3.11'"]],
    [
      '!conda install numpy=2.1 "pandas >=2,<3" xz=5.4.2=h1_0',
      ['conda: numpy =2.1', 'conda: pandas >=2,<3', 'conda: xz =5.4.2=h1_0']
    ],
    ['!conda install conda-forge::shap', ['conda: shap']]
  ])('names packages: %s', (source, found) => {
    expect(texts(source)).toEqual(found);
  });

  it('says what only the list of pip can say, and how a name is compared', () => {
    const { wanted } = readInstallations("%pip install Great_Tables 'requests[socks]'");
    expect(wanted).toMatchObject([
      { name: 'great-tables', text: 'Great_Tables', isPipOnly: false },
      { name: 'requests', isPipOnly: true }
    ]);
  });

  it.each([
    'pip list',
    '%pip uninstall shap',
    '!conda create -n other shap',
    '!conda install -n other shap',
    '!conda install --prefix=/opt/other shap',
    '!conda install --prefix {other} shap',
    '!conda install shap -n',
    '%pip install --target lib shap',
    '%pip install -t lib shap',
    '!pip install --dry-run shap',
    '!pip install --help',
    '!uv pip install -p 3.12 shap',
    '!echo pip install shap',
    '# !pip install shap',
    'print("!pip install shap")',
    'text = """\n!pip install shap\n"""',
    '%%writefile notes.md\npip install shap',
    '%%html\n!pip install shap',
    'pip = conda = 1',
    '%pip install'
  ])('of another kind is none: %s', source => {
    expect(texts(source)).toEqual([]);
  });

  it.each([
    ['%pip install -U -q --no-cache-dir --user --break-system-packages shap', []],
    ['%pip install -r requirements.txt shap', ['-r']],
    ['%pip install -qr requirements.txt shap', ['-r']],
    ['%pip install -rrequirements.txt shap', ['-r']],
    ['%pip install --requirement=requirements.txt shap', ['--requirement']],
    ['%pip install -e . shap', ['-e']],
    ['%pip install . shap', ['file']],
    ['%pip install ./wheels/lime-1-py3-none-any.whl shap', ['file']],
    ['%pip install git+https://git.example/lime.git shap', ['address']],
    ['%pip install "lime @ https://files.example/lime.whl" shap', ['address']],
    ['%pip install {package} $other shap', ['other']],
    ['%pip install --pre shap', ['--pre']],
    ['!conda install -c bioconda shap', ['-c']],
    ['!conda install -yc bioconda shap', ['-c']],
    ['!conda install --file list.txt shap', ['--file']],
    ['!conda install -f list.txt shap', ['--file']],
    ['%pip install -f wheels shap', ['-f']]
  ])('has parts that are not taken: %s', (source, left) => {
    expect(leftOut(source)).toEqual(left);
    expect(readInstallations(source).wanted.map(({ name }) => name)).toEqual(['shap']);
  });

  it.each([
    '%pip install --index-url https://ada:hunter2@mirror.example/simple shap',
    '%pip install --index-url=https://ada:hunter2@mirror.example/simple shap',
    '%pip install -ihttps://ada:hunter2@mirror.example/simple shap',
    '%pip install git+https://hunter2@git.example/lime.git shap',
    '%pip install "lime @ https://hunter2@files.example/lime.whl" shap',
    '!PIP_INDEX_URL=https://ada:hunter2@mirror.example pip install shap',
    '!conda install -c https://conda.example/t/hunter2/main shap',
    '!conda install https://conda.example/t/hunter2/lime.conda shap'
  ])('keeps its secret: %s', source => {
    const found = readInstallations(source);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|example/);
    expect(found.wanted.map(({ name }) => name)).toEqual(['shap']);
  });

  it.each([
    ['%pip install "<img src=x>"'],
    ['%pip install "shap && rm -rf /"'],
    [`%pip install ${'a'.repeat(300)}`],
    ['%pip install "shap==1;\nimport os"'],
    ['%pip install "$(cat ~/.netrc)"'],
    ['%pip install "shap; python_version < \u202e\'3\'"']
  ])('does not make a package of %s', source => {
    expect(texts(source)).toEqual([]);
  });

  it('is read in a moment, however long and odd it is', () => {
    const odd = `!pip install ${'a=,;"'.repeat(15_000)}`;
    expect(readInstallations(odd).wanted.length).toBeLessThanOrEqual(50);
    expect(readInstallations(`!pip install ${'x '.repeat(200_000)}`).wanted).toEqual([]);
    const many = Array.from({ length: 500 }, (_, index) => `p${index}`).join(' ');
    expect(readInstallations(`!pip install ${many}`).wanted).toHaveLength(50);
    // As a browser reads it, these would keep the page for hours.
    const gap = ' '.repeat(90_000);
    expect(leftOut(`!pip install "shap${gap}!"`)).toEqual(['other']);
    expect(leftOut(`!conda install "shap${gap}!"`)).toEqual(['other']);
    expect(texts(`%pip install "shap${gap}>=1"`)).toEqual(['pip: shap >=1']);
    expect(texts(`x = '${"\\'".repeat(45_000)}\n%pip install shap`)).toEqual(['pip: shap']);
  });
});
