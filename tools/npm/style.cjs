// Prints the style sheet made of the Sass file named, which stands beside its packages.
// By Sass's own interface: its command line needs a newer Node than Debian 12 has.
const { resolve } = require('node:path');
const sass = require(resolve('node_modules/sass'));
const made = sass.compile(process.argv[2], {
	importers: [new sass.NodePackageImporter()],
	style: 'compressed',
});
process.stdout.write(made.css);
