#!/usr/bin/env zsh
# tests/support/complete.zsh FOLDER LINE: what zsh makes of LINE and a tabulator, with the functions of FOLDER.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; PROMPT=; RPROMPT="
zpty -w shell "show() { print -r -- \$BUFFER > ${(q)1}/line; exit }; zle -N show; bindkey '^I' complete-word '^G' show"
zpty -w -n shell "$2"$'\t\a'
while zpty -r shell said; do :; done
cat "$1/line"
