#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates a set of domain definitions with many Spice settings from the corpus: every Spice and video element and attribute in every style.

usage: generate.py CORPUS OUTPUT COUNT        the same arguments generate the same files"""
import os
import random
import re
import sys

CHANNELS = ['main', 'display', 'inputs', 'cursor', 'playback', 'record', 'smartcard', 'usbredir']
MODES = ['any', 'secure', 'insecure']
YES = ['yes', 'no']
VIDEO = ['qxl', 'qxl', 'qxl', 'virtio', 'virtio', 'vga', 'cirrus', 'bochs', 'ramfb', 'none']


class Style:
    """How one file is written."""

    def __init__(self, rng):
        self.rng = rng
        self.quote = rng.choice(['"', "'", "'", 'mixed'])
        self.newline = rng.choice(['\n', '\n', '\r\n'])
        self.indent = rng.choice(['  ', '  ', '\t', '    ', ' ', '', '       '])
        self.equals = rng.choice(['=', '=', '=', ' = ', '= '])
        self.apart = rng.choice([' ', ' ', ' ', '  ', '\n          ', '\t'])
        self.closing = rng.choice(['/>', '/>', ' />', 'pair'])
        self.comments = rng.random() < 0.5
        self.encoding = rng.choice([None] * 6 + ['utf-8', 'iso-8859-1', 'windows-1252', 'koi8-r', 'us-ascii', 'iso-8859-15'])
        self.bom = self.encoding in (None, 'utf-8') and rng.random() < 0.15
        self.final_newline = rng.random() < 0.8
        self.one_line = rng.random() < 0.05

    def attrs(self, pairs):
        text = ''
        for name, value in pairs:
            quote = self.rng.choice(['"', "'"]) if self.quote == 'mixed' else self.quote
            text += '%s%s%s%s%s%s' % (self.apart, name, self.equals, quote, value.replace('&', '&amp;').replace('<', '&lt;').replace(quote, '&#%d;' % ord(quote)), quote)
        return text

    def comment(self, depth):
        if not self.comments or self.rng.random() > 0.3:
            return ''
        word = self.rng.choice(['note', '<graphics type="spice"/>', 'a "quote" and <tag>', "it's so", 'x > y', 'line one\n  line two'])
        return '\n%s<!-- %s -->' % (self.indent * depth, word)

    def element(self, name, pairs, children=(), depth=2):
        start = '<%s%s' % (name, self.attrs(pairs))
        if not children:
            return start + ('></%s>' % name if self.closing == 'pair' else self.closing)
        inner = ''.join('%s\n%s%s' % (self.comment(depth + 1), self.indent * (depth + 1), child) for child in children)
        return '%s>%s%s\n%s</%s>' % (start, inner, self.comment(depth + 1), self.indent * depth, name)


def some(rng, name, values, chance=0.5):
    return [(name, rng.choice(values))] if rng.random() < chance else []


def graphics(style):
    rng = style.rng
    kind = rng.choice(['address', 'address', 'address', 'attribute', 'network', 'socket', 'none', 'bare'])
    pairs, children = [('type', 'spice')], []
    if kind in ('address', 'attribute', 'network', 'bare'):
        pairs += rng.choice([[('autoport', 'yes')], [('port', '5900'), ('autoport', 'no')], [('port', '5901'), ('tlsPort', '5902'), ('autoport', 'no')],
                             [('tlsPort', '20002'), ('autoport', 'no')], [('port', '-1'), ('tlsPort', '-1'), ('autoport', 'yes')], [('port', '+5903')], []])
    address = rng.choice(['127.0.0.1', '0.0.0.0', '::1', '192.168.2.2', 'localhost'])
    if kind == 'attribute':
        pairs += [('listen', address)]
    if kind == 'address':
        pairs += [('listen', address)] if rng.random() < 0.7 else []
        children.append(style.element('listen', [('type', 'address'), ('address', address)], depth=3))
    if kind == 'network':
        children.append(style.element('listen', [('type', 'network'), ('network', 'default')], depth=3))
    if kind == 'socket':
        children.append(style.element('listen', [('type', 'socket'), ('socket', '/var/spicex/spice.socket')], depth=3))
    if kind == 'none':
        children.append(style.element('listen', [('type', 'none')], depth=3))
    pairs += some(rng, 'keymap', ['de', 'en-us', 'fr'], 0.3) + some(rng, 'defaultMode', MODES, 0.3)
    pairs += some(rng, 'passwd', ['sesame', "o'neill &co", 'a"b<c'], 0.3)
    pairs += some(rng, 'passwdValidTo', ['2030-01-01T00:00:00'], 0.15) + some(rng, 'connected', ['keep', 'disconnect', 'fail'], 0.15)
    for name in rng.sample(CHANNELS, rng.choice([0, 0, 0, 1, 2, 8])):
        children.append(style.element('channel', [('name', name), ('mode', rng.choice(MODES))], depth=3))
    for name, attr, values in [('image', 'compression', ['auto_glz', 'auto_lz', 'quic', 'glz', 'lz', 'off']), ('jpeg', 'compression', ['auto', 'never', 'always']),
                               ('zlib', 'compression', ['auto', 'never', 'always']), ('playback', 'compression', ['on', 'off']),
                               ('streaming', 'mode', ['filter', 'all', 'off']), ('mouse', 'mode', ['client', 'server']), ('clipboard', 'copypaste', YES),
                               ('filetransfer', 'enable', YES)]:
        if rng.random() < 0.3:
            children.append(style.element(name, [(attr, rng.choice(values))], depth=3))
    if rng.random() < 0.2:
        children.append(style.element('gl', [('enable', rng.choice(YES))] + some(rng, 'rendernode', ['/dev/dri/renderD128'], 0.3), depth=3))
    return style.element('graphics', pairs, children)


def video(style):
    rng = style.rng
    kind = rng.choice(VIDEO)
    pairs, children = [('type', kind)], []
    if kind == 'qxl':
        pairs += some(rng, 'ram', ['65536', '262144', '131072']) + some(rng, 'vram', ['65536', '131072']) + some(rng, 'vram64', ['0', '131072', '2097152'], 0.3)
        pairs += some(rng, 'vgamem', ['16384', '65536', '8192'])
    if kind in ('vga', 'cirrus', 'bochs'):
        pairs += some(rng, 'vram', ['16384', '9216'])
    if kind in ('qxl', 'virtio'):
        pairs += some(rng, 'heads', ['1', '2', '4'], 0.8)
    pairs += some(rng, 'primary', ['yes'], 0.5)
    if kind == 'virtio' and rng.random() < 0.5:
        children.append(style.element('acceleration', [('accel3d', rng.choice(YES))], depth=4))
    if kind in ('qxl', 'virtio') and rng.random() < 0.2:
        children.append(style.element('resolution', [('x', '1280'), ('y', '800')], depth=4))
    rng.shuffle(pairs)
    inner = [style.element('model', pairs, children, depth=3)]
    if rng.random() < 0.3:
        inner.append(style.element('address', [('type', 'pci'), ('domain', '0x0000'), ('bus', '0x00'), ('slot', '0x1%x' % rng.randrange(16)), ('function', '0x0')], depth=3))
    return style.element('video', [], inner)


def agent(style):
    return style.element('channel', [('type', 'spicevmc')], [style.element('target', [('type', 'virtio'), ('name', 'com.redhat.spice.0')], depth=3)])


def restyle(text, style):
    """The rest of the file: its indentation is made irregular, its quotes are changed."""
    if style.indent != '  ':
        text = re.sub(r'(?m)^( +)', lambda m: style.indent * (len(m.group(1)) // 2), text)
    if style.quote == '"':
        text = re.sub(r"='([^'\"<>]*)'", r'="\1"', text)
    return text


def make(text, rng):
    style = Style(rng)
    text = re.sub(r'^\s*<\?xml[^>]*\?>\s*', '', text)
    text = re.sub(r'(?s)\s*<(graphics|video)\b(?:[^>]*/>|.*?</\1>)', '', text)
    text = restyle(text, style)
    devices = [graphics(style)] if rng.random() < 0.95 else []
    if rng.random() < 0.03:
        devices.append(graphics(style))
    if rng.random() < 0.05:
        devices.append(style.element('graphics', [('type', 'vnc'), ('port', '-1'), ('autoport', 'yes')]))
    devices += [video(style) for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 4]))]
    if rng.random() < 0.3:
        devices.insert(0, agent(style))
    block = ''.join('%s\n%s%s' % (style.comment(2), style.indent * 2, device) for device in devices)
    if rng.random() < 0.1:
        block = block.replace('\n', '', 1)
    end = text.rfind('</devices>')
    if end < 0:
        end = text.rfind('</domain>')
        text = '%s%s<devices>%s\n%s</devices>\n%s' % (text[:end], style.indent, block, style.indent, text[end:])
    else:
        begin = len(text[:end].rstrip())
        text = text[:begin] + block + text[begin:]
    if style.comments:
        text = '<!-- before the root -->\n' + text.rstrip('\n') + '\n<!-- behind the root -->\n'
    return finish(text, style)


def finish(text, style):
    if style.one_line and '<!--' not in text:
        text = re.sub(r'>\s*\n\s*<', '><', text)
    if not style.final_newline:
        text = text.rstrip('\n')
    if style.encoding:
        word = {'koi8-r': 'Экран', 'us-ascii': 'Bildschirm'}.get(style.encoding, 'Größe für Gäste')
        text = "<?xml version='1.0' encoding='%s'?>\n<!-- %s -->\n%s" % (style.encoding, word, text)
    data = text.replace('\n', style.newline).encode(style.encoding or 'utf-8', 'xmlcharrefreplace')
    return b'\xef\xbb\xbf' + data if style.bom else data


def main():
    corpus, output, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    bases = []
    for name in sorted(os.listdir(corpus)):
        if not name.endswith('.xml'):
            continue
        with open(os.path.join(corpus, name), encoding='utf-8') as file:
            text = file.read()
        if re.search(r'<domain\b', text) and '</domain>' in text and '<!DOCTYPE' not in text:
            bases.append(text)
    os.makedirs(output, exist_ok=True)
    for index in range(count):
        data = make(bases[index % len(bases)], random.Random(index))
        with open(os.path.join(output, 'g%05d.xml' % index), 'wb') as out:
            out.write(data)
    print('%d files from %d definitions' % (count, len(bases)))


main()
