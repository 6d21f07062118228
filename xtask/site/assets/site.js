// What the pages of listings do beyond mdBook's: copy a command, step through a timeline, jump to
// a number. Without it the pages say the same.
'use strict';

(() => {
    // Arrow keys scroll and step where the focus is; elsewhere mdBook turns the page with them.
    const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
    for (const element of document.querySelectorAll('.scrolls')) {
        element.addEventListener('keydown', event => {
            if (arrows.includes(event.key)) {
                event.stopPropagation();
            }
        });
    }

    async function copy(text) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch {
            // A page that was opened as a file may not use the clipboard, but may copy what is chosen.
            const area = document.createElement('textarea');
            area.value = text;
            document.body.append(area);
            area.select();
            const copied = document.execCommand('copy');
            area.remove();
            return copied;
        }
    }

    for (const button of document.querySelectorAll('button.copy')) {
        button.addEventListener('click', async () => {
            button.textContent = await copy(button.dataset.copy) ? 'Copied' : 'Not copied';
            button.focus();
            setTimeout(() => { button.textContent = 'Copy'; }, 1500);
        });
    }

    // The program and the output that a timeline belongs to come before it.
    function before(element, selector) {
        let found = null;
        for (const other of document.querySelectorAll(selector)) {
            if (other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) {
                found = other;
            }
        }
        return found;
    }

    function timeline(figure) {
        const events = Array.from(figure.querySelectorAll('details .at'));
        const rows = Array.from(figure.querySelectorAll('.row'));
        const code = before(figure, '.beside section:last-child pre.code, main > pre.code');
        const output = before(figure, '.output');
        const status = figure.querySelector('.event');
        let chosen = -1;

        // The bars of a row come in the order of its events, the dots in that of the lines.
        const shapes = new Map();
        rows.forEach((row, number) => {
            const ofRow = events.filter(at => at.dataset.row === String(number));
            row.querySelectorAll('.bar').forEach((bar, at) => shapes.set(bar, ofRow[at]));
        });
        const lines = events.filter(at => at.dataset.line);
        figure.querySelectorAll('.mark').forEach((mark, at) => shapes.set(mark, lines[at]));

        function clear() {
            for (const scope of [figure, code, output]) {
                for (const element of scope ? scope.querySelectorAll('.chosen') : []) {
                    element.classList.remove('chosen');
                }
            }
        }

        function chooseRow(row) {
            row.classList.add('chosen');
            const name = row.dataset.function;
            for (const line of code ? code.querySelectorAll('[data-functions]') : []) {
                if (line.dataset.functions.split(' ').includes(name)) {
                    line.classList.add('chosen');
                }
            }
        }

        function say(at) {
            status.textContent = `${at.textContent}: ${at.closest('tr').cells[1].textContent}`;
        }

        function choose(number) {
            const at = events[number];
            if (!at) {
                return;
            }
            clear();
            chosen = number;
            say(at);
            for (const [shape, event] of shapes) {
                if (event === at) {
                    shape.classList.add('chosen');
                }
            }
            if (at.dataset.row) {
                chooseRow(rows[at.dataset.row]);
            }
            const line = at.dataset.line && output?.querySelector(`[data-line="${at.dataset.line}"]`);
            if (line) {
                line.classList.add('chosen');
            }
        }

        figure.addEventListener('keydown', event => {
            if (!arrows.includes(event.key) || event.target !== figure) {
                return;
            }
            event.preventDefault();
            event.stopPropagation();
            const last = events.length - 1;
            choose({
                ArrowRight: Math.min(chosen + 1, last),
                ArrowDown: Math.min(chosen + 1, last),
                ArrowLeft: Math.max(chosen - 1, 0),
                ArrowUp: Math.max(chosen - 1, 0),
                Home: 0,
                End: last,
            }[event.key]);
        });
        figure.addEventListener('mouseover', event => {
            const row = event.target.closest('.row');
            if (shapes.has(event.target)) {
                choose(events.indexOf(shapes.get(event.target)));
            } else if (row) {
                clear();
                chooseRow(row);
                const first = events.find(at => rows[at.dataset.row] === row);
                status.textContent = '';
                if (first) {
                    say(first);
                }
            }
        });
        // From a line of the output back to the picture.
        for (const line of output ? output.querySelectorAll('[data-line]') : []) {
            line.addEventListener('mouseover', () => {
                choose(events.findIndex(at => at.dataset.line === line.dataset.line));
            });
        }
    }

    document.querySelectorAll('figure.timeline').forEach(timeline);

    function jump() {
        const pages = Array.from(document.querySelectorAll('#mdbook-sidebar a[href$=".html"]'));
        const dialog = document.createElement('dialog');
        dialog.className = 'jump';
        dialog.setAttribute('aria-label', 'Jump to a listing');
        dialog.innerHTML = '<form method="dialog"><label>Listing <input name="number" autocomplete="off" ' +
            'placeholder="2.9"></label> <span role="status"></span></form>';
        document.body.append(dialog);
        const [form, input, status] = ['form', 'input', 'span'].map(name => dialog.querySelector(name));
        form.addEventListener('submit', event => {
            const wanted = input.value.trim().replace(/\.0+(?=\d)/, '.').toLowerCase();
            const title = page => page.textContent.trim().toLowerCase();
            const page = pages.find(page => title(page).split(' ')[0] === wanted) ||
                pages.find(page => wanted && title(page).includes(wanted));
            if (page) {
                location.href = page.href;
            } else {
                event.preventDefault();
                status.textContent = `there is no ${input.value}`;
            }
        });
        dialog.addEventListener('close', () => dialog.remove());
        dialog.addEventListener('keydown', event => event.stopPropagation());
        dialog.showModal();
        input.focus();
    }

    document.addEventListener('keydown', event => {
        const typing = /^(input|select|textarea)$/i.test(event.target.nodeName);
        if (event.key === 'g' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            jump();
        }
    });

    const help = document.querySelector('#mdbook-help-popup > div');
    if (help) {
        for (const text of [
            'Press <kbd>G</kbd> to jump to a listing by its number',
            'Press <kbd>←</kbd> or <kbd>→</kbd> in a timeline to step from event to event',
        ]) {
            const line = document.createElement('p');
            line.innerHTML = text;
            help.append(line);
        }
    }

    // mdBook's button for the table of contents is a label, which a keyboard does not reach.
    const toggle = document.getElementById('mdbook-sidebar-toggle');
    if (toggle) {
        toggle.setAttribute('role', 'button');
        toggle.tabIndex = 0;
        toggle.addEventListener('keydown', event => {
            if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                toggle.click();
            }
        });
    }
})();
