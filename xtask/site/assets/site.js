// What the pages of listings do beyond mdBook's: step through a timeline, jump to a number. Without
// it the pages say the same.
'use strict';

(() => {
    // Arrow keys scroll and step where the focus is; elsewhere mdBook turns the page with them.
    const steps = {
        ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity,
    };
    for (const element of document.querySelectorAll('.scrolls')) {
        element.addEventListener('keydown', event => event.key in steps && event.stopPropagation());
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

        // The lines that define a function, or else call it.
        function linesOf(name) {
            const lines = Array.from(code ? code.querySelectorAll('.line') : []);
            const those = pattern => lines.filter(line => new RegExp(pattern).test(line.textContent));
            const word = `\\b${name.replace(/\W/g, '\\$&')}\\b`;
            const defined = those(`\\b(fn|def) ${word}|\\(.*${word}.*\\)\\s*=|_span!\\(.*${word}`);
            return defined.length ? defined : those(`^(?!use ).*${word}`);
        }

        function choose(number) {
            const at = events[number];
            if (!at) {
                return;
            }
            chosen = number;
            status.textContent = `${at.textContent}: ${at.closest('tr').cells[1].textContent}`;
            document.querySelectorAll('.chosen').forEach(it => it.classList.remove('chosen'));
            const row = rows[at.dataset.row];
            const found = row ? [row, ...linesOf(row.dataset.function)] : [];
            found.push(output?.querySelector(`[data-line="${at.dataset.line}"]`));
            shapes.forEach((event, shape) => event === at && found.push(shape));
            found.forEach(it => it?.classList.add('chosen'));
        }

        figure.addEventListener('keydown', event => {
            if (event.target === figure && event.key in steps) {
                event.preventDefault();
                event.stopPropagation();
                const wanted = Math.max(chosen + steps[event.key], 0);
                choose(Math.min(wanted, events.length - 1));
            }
        });
        figure.addEventListener('mouseover', event => {
            choose(events.indexOf(shapes.get(event.target)));
        });
        if (figure.closest('.plays')) {
            plays();
        }

        // Steps by itself, unless a reader wants no motion.
        function plays() {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'play';
            let timer = null;
            function play(on) {
                clearInterval(timer);
                timer = on ? setInterval(() => choose((chosen + 1) % events.length), 1500) : null;
                button.textContent = on ? 'Pause' : 'Play';
                // Nobody wants to hear each step.
                status.setAttribute('aria-live', on ? 'off' : 'polite');
            }
            button.addEventListener('click', () => play(!timer));
            figure.addEventListener('keydown', event => event.target === figure && play(false));
            figure.before(button);
            play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
        }
    }

    document.querySelectorAll('figure.timeline').forEach(timeline);

    // Marks a word wherever it stands in a program.
    function mark(code, word, kind) {
        const pattern = new RegExp(`\\b${word}\\b`);
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
            if (pattern.test(walker.currentNode.data)) {
                found.push(walker.currentNode);
            }
        }
        for (const node of found.filter(it => !it.parentElement.closest('mark'))) {
            const rest = node.splitText(node.data.search(pattern));
            rest.splitText(word.length);
            const element = document.createElement('mark');
            element.className = `pair p${kind}`;
            rest.replaceWith(element);
            element.append(rest);
        }
    }

    // What both programs have, each in its language: the pairs of the map, and functions.
    for (const beside of document.querySelectorAll('[data-pairs]')) {
        const programs = Array.from(beside.querySelectorAll('pre.code'));
        const functions = programs[0].textContent.matchAll(/\bdef (\w+)/g);
        const pairs = JSON.parse(beside.dataset.pairs);
        pairs.push(...Array.from(functions, ([, name]) => [[name], [`fn ${name}`]]));
        pairs.forEach((pair, number) => {
            const used = pair.map((words, side) => words.filter(word =>
                new RegExp(`\\b${word}\\b`).test(programs[side].textContent)));
            if (used.every(words => words.length)) {
                used.forEach((words, side) => words.forEach(word =>
                    mark(programs[side], word.replace('fn ', ''), number % 6)));
            }
        });
    }

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

    document.getElementById('mdbook-searchbar')?.setAttribute('aria-label', 'Search');

    // On the front page the search stands in the text. Its button loads what it needs.
    const here = document.querySelector('.search-here');
    const box = document.getElementById('mdbook-search-wrapper');
    if (here && box) {
        here.append(box);
        box.addEventListener('focusin', () => {
            if (box.classList.contains('hidden')) {
                document.getElementById('mdbook-search-toggle').click();
            }
        });
    }

    // The page that is shown may be among the folded ones.
    const active = document.querySelector('#mdbook-sidebar details .active');
    active?.closest('details').setAttribute('open', '');
    active?.scrollIntoView({ block: 'center' });

    const help = document.querySelector('#mdbook-help-popup > div');
    help?.insertAdjacentHTML('beforeend',
        '<p>Press <kbd>G</kbd> to jump to a listing by its number</p>' +
        '<p>Press <kbd>←</kbd> or <kbd>→</kbd> in a timeline to step from event to event</p>');

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
