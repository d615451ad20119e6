// Every text that a visitor reads; Portuguese for those whose language we don't speak.
const table = {
  title: ['Fale com a gente', 'Chat with us', 'Habla con nosotros'],
  subtitle: ['Nossa equipe responde por aqui', 'Our team answers here', 'Nuestro equipo responde por aquí'],
  greeting: ['Olá. Como podemos ajudar?', 'Hello. How can we help?', 'Hola. ¿Cómo podemos ayudarte?'],
  log: ['Conversa', 'Conversation', 'Conversación'],
  placeholder: ['Escreva uma mensagem', 'Write a message', 'Escribe un mensaje'],
  send: ['Enviar', 'Send', 'Enviar'],
  attach: ['Anexar arquivo', 'Attach a file', 'Adjuntar archivo'],
  emoji: ['Emojis', 'Emojis', 'Emojis'],
  close: ['Fechar', 'Close', 'Cerrar'],
  save: ['Baixar', 'Download', 'Descargar'],
  reply: ['Responder', 'Reply', 'Responder'],
  remove: ['Remover', 'Remove', 'Quitar'],
  cancel: ['Cancelar', 'Cancel', 'Cancelar'],
  askName: ['Como podemos chamar você?', 'What may we call you?', '¿Cómo podemos llamarte?'],
  start: ['Continuar', 'Continue', 'Continuar'],
  skip: ['Agora não', 'Not now', 'Ahora no'],
  you: ['Você', 'You', 'Tú'],
  team: ['Atendimento', 'Support', 'Atención'],
  typing: ['Digitando', 'Typing', 'Escribiendo'],
  drop: ['Solte o arquivo para enviar', 'Drop the file to send it', 'Suelta el archivo para enviarlo'],
  today: ['Hoje', 'Today', 'Hoy'],
  yesterday: ['Ontem', 'Yesterday', 'Ayer'],
  unread: ['Novas mensagens', 'New messages', 'Mensajes nuevos'],
  waiting: ['Aguardando envio', 'Waiting to be sent', 'Esperando envío'],
  sent: ['Enviada', 'Sent', 'Enviado'],
  read: ['Lida', 'Read', 'Leído'],
  edited: ['editada', 'edited', 'editado'],
  deleted: ['Mensagem apagada', 'Message deleted', 'Mensaje eliminado'],
  other: ['Ainda não dá para mostrar este conteúdo aqui', 'This can’t be shown here yet', 'Todavía no se puede mostrar aquí'],
  coming: ['a caminho', 'on its way', 'en camino'],
  missing: ['não está disponível', 'not available', 'no está disponible'],
  image: ['Imagem', 'Picture', 'Imagen'],
  audio: ['Áudio', 'Audio', 'Audio'],
  voice: ['Mensagem de voz', 'Voice message', 'Mensaje de voz'],
  video: ['Vídeo', 'Video', 'Vídeo'],
  document: ['Arquivo', 'File', 'Archivo'],
  sticker: ['Figurinha', 'Sticker', 'Sticker'],
  reconnecting: ['Reconectando. O que você escrever fica guardado.', 'Reconnecting. What you write is kept.', 'Reconectando. Lo que escribas se guarda.'],
  offline: ['Sem internet. O que você escrever segue depois.', 'No internet. What you write leaves later.', 'Sin internet. Lo que escribas sale después.'],
  closed: ['O chat está fora do ar. O que você escrever fica guardado.', 'The chat is closed now. What you write is kept.', 'El chat no está disponible. Lo que escribas se guarda.'],
  refused: ['Não enviada: o sistema não aceitou.', 'Not sent: the system did not accept it.', 'No enviado: el sistema no lo aceptó.'],
  again: ['Tentar de novo', 'Try again', 'Intentar de nuevo'],
  discard: ['Descartar', 'Discard', 'Descartar'],
  tooLarge: ['O arquivo passa do limite de', 'The file is over the limit of', 'El archivo supera el límite de'],
  empty: ['O arquivo está vazio', 'The file is empty', 'El archivo está vacío'],
};

const spoken = ['pt', 'en', 'es'];
const which = Math.max(0, spoken.indexOf(navigator.languages.map(l => l.slice(0, 2)).find(l => spoken.includes(l))));
const language = ['pt-BR', 'en', 'es'][which];

export const words = Object.fromEntries(Object.entries(table).map(([name, texts]) => [name, texts[which]]));

// Fills in what index.html leaves open.
export function speak() {
  document.documentElement.lang = language;
  for (const e of document.querySelectorAll('[data-text]')) e.textContent = words[e.dataset.text];
  for (const e of document.querySelectorAll('[data-label]')) {
    e.setAttribute('aria-label', words[e.dataset.label]);
    e[e.matches('textarea') ? 'placeholder' : 'title'] = e.matches('button, a, textarea') ? words[e.dataset.label] : '';
  }
}

const written = options => {
  const format = new Intl.DateTimeFormat(language, options);
  return at => format.format(at);
};

export const timeOf = written({ hour: '2-digit', minute: '2-digit' });
export const momentOf = written({ dateStyle: 'full', timeStyle: 'short' });
const dateOf = written({ weekday: 'long', day: 'numeric', month: 'long' });
const oldDateOf = written({ dateStyle: 'long' });

export function dayOf(at) {
  const today = new Date().setHours(0, 0, 0, 0), ago = Math.round((today - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
  return ago === 0 ? words.today : ago === 1 ? words.yesterday : ago < 180 ? dateOf(at) : oldDateOf(at);
}

export function sizeOf(bytes) {
  const [unit, by] = bytes < 1024 ? ['byte', 1] : bytes < 1048576 ? ['kilobyte', 1024] : ['megabyte', 1048576];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: by > 1024 ? 1 : 0 }).format(bytes / by);
}
