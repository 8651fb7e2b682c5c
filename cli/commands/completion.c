/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* completion: the scripts for shells. They ask this program what may follow, so that they never differ from it. */
#include <stdlib.h>
#include <string.h>

#include "complete.h"
#include "error.h"
#include "say.h"

static const char bash[] = "# bash completion for spicecfg: made by 'spicecfg completion bash'\n"
			   "_spicecfg() {\n"
			   "    local line=${COMP_LINE:0:COMP_POINT} current lead word help names=()\n"
			   "    current=${line##*[[:space:]]} lead=\n"
			   "    # bash replaces what follows the last = or : only\n"
			   "    [[ $current != *\"$2\" ]] || lead=${current%\"$2\"}\n"
			   "    lead=${lead#[\\'\\\"]} COMPREPLY=()\n"
			   "    while IFS=$'\\t' read -r word help; do\n"
			   "        case $word in\n"
			   "        :files) mapfile -t COMPREPLY < <(compgen -f -- \"$2\") ;;\n"
			   "        :directories) mapfile -t COMPREPLY < <(compgen -d -- \"$2\") ;;\n"
			   "        *) names+=(\"${word#\"$lead\"}\") ;;\n"
			   "        esac\n"
			   "    done < <(\"$1\" completion bash -- \"$line\" 2>/dev/null)\n"
			   "    if [[ ${#COMPREPLY[@]} -gt 0 ]]; then\n"
			   "        compopt -o filenames\n"
			   "    elif [[ ${#names[@]} -gt 0 && ${line%\"$2\"} != *[\\'\\\"] ]]; then\n"
			   "        mapfile -t names < <(printf '%q\\n' \"${names[@]}\")\n"
			   "    fi\n"
			   "    COMPREPLY+=(\"${names[@]}\")\n"
			   "    [[ ${COMPREPLY[*]} != *[=:.] ]] || compopt -o nospace\n"
			   "}\n"
			   "complete -F _spicecfg spicecfg\n";

static const char zsh[] = "#compdef spicecfg\n"
			  "# zsh completion for spicecfg: made by 'spicecfg completion zsh'\n"
			  "_spicecfg() {\n"
			  "    local line=\"${(j: :)words[1,CURRENT-1]} $PREFIX\" word help name\n"
			  "    local -a names shown open_names open_shown files\n"
			  "    while IFS=$'\\t' read -r word help; do\n"
			  "        name=$word\n"
			  "        [[ -z $help ]] || name=\"$word  -- $help\"\n"
			  "        case $word in\n"
			  "        (:files) files=(_files) ;;\n"
			  "        (:directories) files=(_files -/) ;;\n"
			  "        (*[=:.]) open_names+=(\"$word\") open_shown+=(\"$name\") ;;\n"
			  "        (*) names+=(\"$word\") shown+=(\"$name\") ;;\n"
			  "        esac\n"
			  "    done < <(\"${(Q)words[1]}\" completion zsh -- \"$line\" 2>/dev/null)\n"
			  "    (( ! $#names )) || compadd -l -d shown -- \"$names[@]\"\n"
			  "    (( ! $#open_names )) || compadd -l -d open_shown -S '' -- \"$open_names[@]\"\n"
			  "    if (( $#files )); then\n"
			  "        [[ $PREFIX != --*=* ]] || compset -P '*='\n"
			  "        $files\n"
			  "    fi\n"
			  "}\n"
			  "if [[ $funcstack[1] == _spicecfg ]]; then\n"
			  "    _spicecfg \"$@\"\n"
			  "else\n"
			  "    compdef _spicecfg spicecfg\n"
			  "fi\n";

static const char fish[] = "# fish completion for spicecfg: made by 'spicecfg completion fish'\n"
			   "function __spicecfg_complete\n"
			   "    set -l word (commandline -ct)\n"
			   "    set -l lead (string match -r -- '^--[^=]*=' $word)\n"
			   "    set -l rest (string replace -r -- '^--[^=]*=' '' $word)\n"
			   "    for line in (spicecfg completion fish -- (commandline -cp) 2>/dev/null)\n"
			   "        switch $line\n"
			   "            case :files\n"
			   "                string replace -r -- '^' \"$lead\" (__fish_complete_path $rest)\n"
			   "            case :directories\n"
			   "                string replace -r -- '^' \"$lead\" (__fish_complete_directories $rest)\n"
			   "            case '*'\n"
			   "                echo $line\n"
			   "        end\n"
			   "    end\n"
			   "end\n"
			   "complete -c spicecfg -f -a '(__spicecfg_complete)'\n";

static const struct {
	const char *shell, *script;
} scripts[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

static enum spicecfg_status run(struct cli *cli)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		if (strcmp(cli->args[0], scripts[i].shell) != 0)
			continue;
		if (cli->n_args == 1) {
			cli_say_own(stdout, scripts[i].script);
			return SPICECFG_OK;
		}
		char *line = strdup(cli->args[1]);
		if (!line)
			return cli_fail(cli, SPICECFG_SYSTEM, NULL, "out of memory");
		cli->quiet = true;
		cli_complete_line(cli, line);
		spicecfg_ctx_clear_error(cli->ctx);
		free(line);
		return SPICECFG_OK;
	}
	return cli_usage(cli, "'%s' is not a shell with completion: use bash, zsh or fish", cli->args[0]);
}

const struct cli_verb cli_verb_completion = {
    .name = "completion",
    .synopsis = "bash|zsh|fish [LINE]",
    .summary = "Print a script that completes spicecfg's command lines in a shell",
    .help =
	"Packages install the scripts. By hand, in the current shell: eval \"$(spicecfg completion bash)\" (or zsh);\n"
	"fish: spicecfg completion fish | source. With a LINE that is being typed, it prints what may follow: the scripts ask for that.",
    .example = "spicecfg completion bash > /etc/bash_completion.d/spicecfg",
    .min_args = 1,
    .max_args = 2,
    .run = run,
};
