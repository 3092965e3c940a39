// What tools/npm/install put under build/npm/browser.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const from = createRequire(resolve('build/npm/browser/package.json'));
export const { chromium } = from('playwright-core');
export const { AxeBuilder } = from('@axe-core/playwright');
