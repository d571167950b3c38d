/** The shells that mhlab completes in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Each script asks `mhlab completion words` what can follow. The typed line is passed on as words and never evaluated.
 * The answer's first line says whether lab files fit as well; each further line is a value and what it means.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: String.raw`# bash completion for mhlab. For this shell: source <(mhlab completion bash)
_mhlab() {
  local line=${"$"}{COMP_LINE:0:COMP_POINT} word before kind value
  local -a words
  read -ra words <<< "$line"
  [[ $line != *[[:space:]] ]] || words+=("")
  word=${"$"}{words[-1]}
  # Readline replaces only what follows the last = or : of a word.
  before=${"$"}{word%"${"$"}{word##*[=:]}"}
  COMPREPLY=()
  {
    read -r kind
    while IFS=$'\t' read -r value _; do
      [[ $value != "$word"* ]] || COMPREPLY+=("${"$"}{value#"$before"}")
    done
  } < <(mhlab completion words -- "${"$"}{words[@]:1}" 2> /dev/null)
  if [[ $kind == files ]]; then
    compopt -o filenames
    while IFS= read -r value; do
      COMPREPLY+=("$value")
    done < <(compgen -d -- "${"$"}{word#"$before"}"; compgen -f -X '!*.y*ml' -- "${"$"}{word#"$before"}")
  fi
}
complete -F _mhlab mhlab
`,
  zsh: String.raw`#compdef mhlab
# zsh completion for mhlab. For this shell: source <(mhlab completion zsh)
_mhlab() {
  local -a lines values
  local line
  lines=("${"$"}{(@f)$(mhlab completion words -- "${"$"}{(@)words[2,CURRENT]}" 2> /dev/null)}")
  for line in "${"$"}{(@)lines[2,-1]}"; do
    [[ -z $line ]] || values+=("${"$"}{${"$"}{line%%$'\t'*}//:/\\:}:${"$"}{line#*$'\t'}")
  done
  (( ${"$"}{#values} == 0 )) || _describe -t values mhlab values
  [[ $lines[1] != files ]] || _files -g '*.y(a|)ml(-.)'
}
if [[ $funcstack[1] == _mhlab ]]; then
  _mhlab "$@"
else
  compdef _mhlab mhlab
fi
`,
  fish: String.raw`# fish completion for mhlab. For this shell: mhlab completion fish | source
function __mhlab_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l lines (mhlab completion words -- $words[2..-1] "$word" 2> /dev/null)
    if test (count $lines) -gt 1
        printf '%s\n' $lines[2..-1]
    end
    if test "$lines[1]" = files
        __fish_complete_suffix "$word" .yaml
    end
end
complete -c mhlab -f -a '(__mhlab_complete)'
`,
};
