// What all pages share: asking the server, the fields of both groups, and the analytics.
const has = (word) => D.opt.includes(word)
async function api(path, body) {
  const how = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  return (await fetch(path, how)).json()
}
async function send(file, url = '/api/photo') {
  const form = new FormData()
  form.append('file', file, file.name)
  return (await fetch(url, { method: 'POST', body: form })).json()
}
const FAMILY = [['relation', '关系'], ['name', '姓名'], ['phone', '联系方式'], ['document_type', '证件类型'], ['document_number', '证件号码'], ['age', '年龄'], ['ethnicity', '民族'], ['party', '政治面貌'], ['address', '工作单位或居住地址'], ['post', '职务']]
const HISTORY = [['place', '学习或工作单位'], ['post', '职务'], ['start', '开始时间'], ['end', '结束时间'], ['witness', '证明人'], ['witness_phone', '证明人联系方式']]
const OPTIONS = {
  relation: ['父亲', '母亲', '配偶', '兄弟姐妹', '子女', '其他'],
  document_type: ['居民身份证', '护照', '港澳居民来往内地通行证', '台湾居民来往大陆通行证', '其他'],
  party: ['中共党员', '中共预备党员', '共青团员', '民主党派', '群众']
}
const GOOD = /^已/
if (has('analytics')) {
  addEventListener('click', (e) => {
    fetch('/track', { method: 'POST', keepalive: true, body: JSON.stringify({ x: e.clientX, y: e.clientY, t: Date.now(), p: location.pathname }) })
  }, true)
}
