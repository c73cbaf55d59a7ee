// tidy: the language of a Dockerfile, apart from what is done with one
/** An instruction of a Dockerfile, as `COPY` and what follows it on its line. */
export type Instruction = { readonly name: string; readonly rest: string }

export const instructionsOf = (text: string): readonly Instruction[] =>
  text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [name = '', ...rest] = line.trim().split(' ')
      return { name, rest: rest.join(' ').trim() }
    })

/** `$NAME` and `${NAME}` as Docker has them; one that is not known is nothing. */
export const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{?(\w+)\}?/g, (_, name) => variables[name] ?? '')
