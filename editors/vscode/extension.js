// Starts `handbill lsp` and shows its previews. Everything else is the language server's work.
"use strict";

const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

// What the server answers to; its own commands are registered by the client.
const SERVER_PREVIEW = "handbill.preview";
const FILES = "**/*.{yaml,json,mjml,html}";

let client;
let panel;

function command() {
  const [program, ...args] = vscode.workspace.getConfiguration("handbill").get("command");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const local = program.startsWith(".") && folder !== undefined;
  return { command: local ? path.resolve(folder, program) : program, args };
}

async function start() {
  client = new LanguageClient("handbill", "Handbill", command(), {
    documentSelector: [{ scheme: "file", pattern: FILES }],
  });
  try {
    await client.start();
  } catch (error) {
    const hint = "install it with pip install 'handbill[editor]', or set handbill.command";
    vscode.window.showErrorMessage(`Handbill's language server does not start: ${hint} (${error})`);
  }
}

async function restart() {
  await client?.dispose();
  await start();
}

async function showPreview(uri) {
  const file = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (file === undefined || !client?.isRunning()) {
    return;
  }
  const asked = { command: SERVER_PREVIEW, arguments: [file.toString()] };
  const page = await client.sendRequest("workspace/executeCommand", asked);
  if (page.message !== undefined) {
    vscode.window.showInformationMessage(page.message);
    return;
  }
  show(page);
}

// The page runs no script and loads nothing from elsewhere, so the webview allows neither.
function show(page) {
  if (panel === undefined) {
    const options = { enableScripts: false, localResourceRoots: [] };
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    panel = vscode.window.createWebviewPanel("handbill.preview", page.title, beside, options);
    panel.onDidDispose(() => (panel = undefined));
  }
  panel.title = page.title;
  panel.webview.html = page.html;
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("handbill.showPreview", showPreview),
    vscode.commands.registerCommand("handbill.restart", restart),
  );
  await start();
}

async function deactivate() {
  await client?.dispose();
}

module.exports = { activate, deactivate };
