// The pages of a university's own teaching-management system on layui 2.5: each in the frame of a tab, or in the shell itself.
const single = has('single')
function jwxt(at, open) {
  const { table, form, layer, laydate, upload, element, $ } = layui, v = $('#v')
  const card = (h, b) => '<div class="layui-card"><div class="layui-card-header">' + h + '</div><div class="layui-card-body">' + b + '</div></div>'
  const show = (h) => { v.html(h); form.render(); element.render() }
  const word = (s) => s ? '<span class="' + (GOOD.test(s) ? 'yes' : 'no') + '">' + s + '</span>' : ''
  const pairs = (o) => Object.entries(o)
  const NAMES = { family: '家庭成员信息', history: '过往履历信息' }, FIELDS = { family: FAMILY, history: HISTORY }
  const need = { family: ['relation', 'name', 'phone'], history: ['place', 'start', 'end'] }
  const month = (elem) => laydate.render({ elem, type: 'month', trigger: 'click' })
  const PAGES = {
    home() {
      show('<div class="layui-row layui-col-space12"><div class="layui-col-md8">' + card('<i class="layui-icon layui-icon-speaker"></i> 通知公告', '<table class="layui-table" lay-skin="nob"><tbody><tr><td>[学籍] 关于做好 2024 届（7月）毕业生信息核对工作的通知</td><td width="90">2024-05-31</td></tr><tr><td>[考务] 2024 年上半年学位外语考试安排</td><td>2024-05-20</td></tr><tr><td>[财务] 学费缴纳须知</td><td>2024-03-04</td></tr></tbody></table>') + '</div><div class="layui-col-md4">' + card('<i class="layui-icon layui-icon-date"></i> 日历', '<div id="cal"></div>') + '</div></div>')
      laydate.render({ elem: '#cal', position: 'static', showBottom: false })
    },
    async conditions() {
      const wait = layer.load(1), d = (await api('/api/conditions')).data
      layer.close(wait)
      const met = d.rows.filter((r) => GOOD.test(r.status)).length, dept = (r) => /学费/.test(r.name) ? '财务科' : /图像|照/.test(r.name) ? '学籍科' : /信息|登记|鉴定/.test(r.name) ? '教学点' : '教务科'
      if (has('timeline')) return show(card('毕业条件', '<table class="layui-table" lay-size="sm"><tbody><tr><th width="160">当前毕业批次：</th><td>' + d.batch + '</td></tr><tr><th>毕业审核的学生范围为：</th><td>' + d.scope + '</td></tr></tbody></table><ul class="layui-timeline">' + d.rows.map((r) => '<li class="layui-timeline-item"><i class="layui-icon layui-timeline-axis ' + (GOOD.test(r.status) ? 'layui-icon-ok-circle' : 'layui-icon-circle') + '"></i><div class="layui-timeline-content layui-text"><h3 class="layui-timeline-title">毕业要求：' + r.name + '</h3><p>审核部门：' + dept(r) + '</p><p>当前状态：' + word(r.status) + '</p></div></li>').join('') + '</ul>'))
      const head = '<blockquote class="layui-elem-quote"><p>当前毕业批次：<strong>' + d.batch + '</strong></p><p>毕业审核的学生范围为：' + d.scope + '</p></blockquote><div style="margin:18px 0"><span>审核进度</span><div class="layui-progress layui-progress-big" lay-showpercent="yes" style="margin-top:6px"><div class="layui-progress-bar layui-bg-blue" lay-percent="' + met + ' / ' + d.rows.length + '"></div></div></div>'
      if (has('groups')) {
        const groups = [['缴费与学业', [0, 1, 2, 4, 10, 11]], ['登记与信息', [3, 6, 8, 9]], ['图像采集与比对', [5, 7, 12, 13]]]
        return show(card('毕业条件', head + '<div class="layui-collapse" lay-accordion>' + groups.map(([t, ns], i) => '<div class="layui-colla-item"><h2 class="layui-colla-title">' + t + '（' + ns.length + '项）</h2><div class="layui-colla-content' + (i ? '' : ' layui-show') + '"><table class="layui-table" lay-skin="line"><colgroup><col><col width="120"><col width="120"></colgroup><thead><tr><th>毕业要求</th><th>审核部门</th><th>当前状态</th></tr></thead><tbody>' + ns.map((n) => d.rows[n]).map((r) => '<tr><td>' + r.name + '</td><td>' + dept(r) + '</td><td>' + word(r.status) + '</td></tr>').join('') + '</tbody></table></div></div>').join('') + '</div>'))
      }
      show(card('毕业条件', head + '<table id="t" lay-filter="t"></table>'))
      table.render({ elem: '#t', data: d.rows, page: false, limit: 100, height: 400, toolbar: '<div><button class="layui-btn layui-btn-sm layui-btn-normal" lay-event="re"><i class="layui-icon layui-icon-refresh"></i> 刷新</button></div>', defaultToolbar: ['filter', 'exports', 'print'], cols: [[{ type: 'numbers', title: '序号', width: 60 }, { field: 'name', title: '毕业要求', minWidth: 260 }, { field: 'dept', title: '审核部门', width: 110, templet: dept }, { field: 'status', title: '当前状态', width: 110, templet: (r) => word(r.status) }, { title: '操作', width: 140, fixed: 'right', toolbar: '<div><a class="layui-btn layui-btn-xs" lay-event="look">查看</a>{{# if(!/^已/.test(d.status)){ }}<a class="layui-btn layui-btn-xs layui-btn-warm" lay-event="go">去办理</a>{{# } }}</div>' }]] })
      table.on('toolbar(t)', (o) => { if (o.event === 're') location.reload() })
      table.on('tool(t)', (o) => {
        if (o.event === 'go') return layer.msg('请按通知要求在规定时间内办理', { icon: 7 })
        layer.open({ type: 1, title: '查看', area: '420px', btn: ['关闭'], content: '<table class="layui-table" style="margin:16px;width:388px"><tbody><tr><th width="80">项目</th><td>' + o.data.name + '</td></tr><tr><th>审核结果</th><td>' + word(o.data.status) + '</td></tr><tr><th>审核部门</th><td>' + dept(o.data) + '</td></tr></tbody></table>' })
      })
    },
    async grades() {
      const credit = (r) => 2 + r.course.length % 3
      if (has('sheet')) {
        const all = (await api('/api/grades?page=1&limit=200')).data, half = Math.ceil(all.length / 2), cell = (r) => r ? '<td>' + r.term + '</td><td>' + r.course + '</td><td>' + credit(r) + '</td><td>' + r.total + '</td>' : '<td></td><td></td><td></td><td></td>'
        const me = (await api('/api/me')).data, heads = '<th>课程所属学期</th><th>课程名称</th><th>学分</th><th>总评成绩</th>'
        return show(card('成绩查询', '<div style="text-align:center"><h2 style="font-size:20px;margin:8px 0">学生成绩表</h2><p>姓名：' + me.name + '　学号：' + me.number + '　打印日期：2024-06-03</p></div><table class="layui-table sheet"><thead><tr>' + heads + heads + '</tr></thead><tbody>' + all.slice(0, half).map((r, i) => '<tr>' + cell(r) + cell(all[half + i]) + '</tr>').join('') + '</tbody></table><p>已修课程 ' + all.length + ' 门，不及格 ' + all.filter((r) => +r.total < 60).length + ' 门，平均成绩 ' + (all.reduce((s, r) => s + +r.total, 0) / all.length).toFixed(2) + '</p><div style="text-align:right"><button class="layui-btn layui-btn-sm layui-btn-primary" onclick="window.print()"><i class="layui-icon layui-icon-print"></i> 打印</button></div>'))
      }
      show(card('成绩查询', '<form class="layui-form layui-form-pane" onsubmit="return false"><div class="layui-form-item" style="margin:0"><div class="layui-inline"><label class="layui-form-label">学年学期</label><div class="layui-input-inline"><select name="term"><option value="">全部</option><option>2022年春</option><option>2022年秋</option><option>2023年春</option><option>2023年秋</option></select></div></div><div class="layui-inline"><label class="layui-form-label">课程名称</label><div class="layui-input-inline"><input class="layui-input" name="course" autocomplete="off"></div></div><div class="layui-inline"><button class="layui-btn" lay-submit lay-filter="q"><i class="layui-icon layui-icon-search"></i> 查询</button><button type="reset" class="layui-btn layui-btn-primary">重置</button></div></div></form><table id="t" lay-filter="t"></table>'))
      const c = (field, title, width, more) => ({ field, title, width, align: 'center', ...more })
      table.render({ elem: '#t', url: '/api/grades', height: 430, totalRow: true, page: { layout: ['limit', 'prev', 'page', 'next', 'skip', 'count'], limits: [10, 20, 50], limit: 10, theme: '#1e9fff' }, parseData: (a) => ({ ...a, data: a.data.map((r) => ({ ...r, credit: credit(r) })) }), toolbar: '<div><button class="layui-btn layui-btn-sm layui-btn-primary" lay-event="apply">申请复查</button></div>', defaultToolbar: ['filter', 'exports', 'print'], cols: [[{ type: 'checkbox', fixed: 'left' }, c('no', '序号', 80, { fixed: 'left', totalRowText: '合计' }), c('course', '课程名称', 170, { align: 'left' }), c('kind', '课程性质', 100, { templet: () => '必修' }), c('credit', '学分', 80, { totalRow: true }), c('homework', '作业成绩', 100), c('attendance', '考勤成绩', 100), c('lab', '实验成绩', 100), c('exam', '考试成绩', 100), c('total', '总评成绩', 110, { sort: true, templet: (r) => +r.total < 60 ? '<span class="no">' + r.total + '</span>' : r.total }), c('term', '课程所属学期', 130), { title: '操作', width: 80, fixed: 'right', align: 'center', toolbar: '<div><a class="layui-btn layui-btn-xs" lay-event="look">查看</a></div>' }]] })
      form.on('submit(q)', () => { layer.msg('查询完成', { time: 800 }); return false })
      table.on('toolbar(t)', (o) => { if (o.event === 'apply') layer.msg('请先选择课程', { icon: 7 }) })
      table.on('tool(t)', (o) => layer.open({ type: 1, title: '成绩详情', area: ['380px', '260px'], content: '<table class="layui-table" style="margin:14px;width:352px"><tbody><tr><th>课程名称</th><td>' + o.data.course + '</td></tr><tr><th>总评成绩</th><td>' + o.data.total + '</td></tr><tr><th>课程所属学期</th><td>' + o.data.term + '</td></tr></tbody></table>' }))
    },
    async photo() {
      const d = (await api('/api/photo')).data, face = (bg, ink) => 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="60" height="80"><rect width="60" height="80" fill="' + bg + '"/><circle cx="30" cy="32" r="14" fill="' + ink + '"/><path d="M6 80c0-40 48-40 48 0z" fill="' + ink + '"/></svg>')
      show('<div class="layui-row layui-col-space12"><div class="layui-col-md7">' + card('上传毕业照片', '<blockquote class="layui-elem-quote layui-quote-nm">1. 毕业照片须从学信网下载（学历照片），不得翻拍；<br>2. 文件以身份证号命名，格式为 jpg；<br>3. 上传后将与录取照片、入学照片进行比对。</blockquote><div class="layui-form"><div class="layui-form-item"><label class="layui-form-label">照片文件</label><div class="layui-input-inline" style="width:220px"><input class="layui-input" id="fn" readonly placeholder="未选择文件"></div><button type="button" class="layui-btn layui-btn-primary" id="pick"><i class="layui-icon layui-icon-file-b"></i> 选择文件</button><button type="button" class="layui-btn layui-btn-normal" id="start"><i class="layui-icon layui-icon-upload"></i> 开始上传</button></div><div class="layui-form-item"><label class="layui-form-label">预览</label><div class="layui-input-block"><img class="ph" id="pv" alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="></div></div></div><table class="layui-table" lay-skin="nob" style="width:auto"><tbody><tr><td>照片示例</td>' + [['#8fc4ee', '#54738f', '合格'], ['#d9d9d9', '#8f8f8f', '不合格：背景不符'], ['#c9b48a', '#6b5a36', '不合格：翻拍']].map(([b, k, t]) => '<td align="center"><img src="' + face(b, k) + '" alt=""><br><span class="layui-word-aux">' + t + '</span></td>').join('') + '</tr></tbody></table>') + '</div><div class="layui-col-md5">' + card('我的照片', '<table class="layui-table"><thead><tr><th style="text-align:center">入学照片</th><th style="text-align:center">毕业照片</th></tr></thead><tbody><tr><td align="center"><img class="ph" src="' + d.enrol + '"></td><td align="center">' + (d.uploaded ? '<img class="ph" src="' + d.copy + '">' : '<div class="none">暂无照片</div>') + '</td></tr><tr><td align="center"><span class="layui-badge layui-bg-blue">已上传</span></td><td align="center">' + (d.uploaded ? '<span class="layui-badge layui-bg-blue">已上传</span>' : '<span class="layui-badge layui-bg-gray">未上传</span>') + '</td></tr></tbody></table>') + '</div></div>')
      const again = () => single ? PAGES.photo() : location.reload()
      upload.render({ elem: '#pick', url: '/api/photo', field: 'file', auto: false, bindAction: '#start', accept: 'images', acceptMime: 'image/jpeg', exts: 'jpg|jpeg', size: 2048,
        choose(o) { o.preview((i, file, result) => { $('#fn').val(file.name); $('#pv').attr('src', result) }) },
        before() { layer.load(1, { shade: 0.2 }) },
        done(a) { layer.closeAll('loading'); if (a.code) return layer.alert(a.msg, { icon: 2 }); if (single) layer.msg(a.msg, { icon: 1, time: 1500 }, again); else layer.alert(a.msg, { icon: 1 }, (i) => { layer.close(i); again() }) },
        error() { layer.closeAll('loading'); layer.msg('上传失败，请重试', { icon: 2 }) } })
    },
    entry() {
      show(card('信息变更', '<div class="layui-btn-container"><button class="layui-btn layui-btn-normal" data-p="profile"><i class="layui-icon layui-icon-edit"></i> 点击进入查看/编辑</button><button class="layui-btn" data-p="register"><i class="layui-icon layui-icon-form"></i> 点击进入毕业生登记表</button></div><blockquote class="layui-elem-quote">个人信息（含家庭成员、过往履历）请点击“查看/编辑”；自我评价请进入毕业生登记表填写。关键信息有误的，请联系教学点办理变更。</blockquote><fieldset class="layui-elem-field layui-field-title"><legend>变更申请记录</legend></fieldset><table id="t"></table>'))
      table.render({ elem: '#t', data: [], text: { none: '暂无申请记录' }, cols: [[{ type: 'numbers', title: '序号' }, { field: 'a', title: '申请时间' }, { field: 'b', title: '变更项' }, { field: 'c', title: '变更前' }, { field: 'd', title: '变更后' }, { field: 'e', title: '审核状态' }]] })
      v.find('[data-p]').on('click', function () {
        const p = $(this).data('p')
        if (p === 'register' && !single) layer.open({ type: 2, title: '毕业生登记表', area: ['860px', '92%'], maxmin: true, content: '/page?p=register' })
        else open(p === 'profile' ? '个人信息' : '毕业生登记表', p)
      })
    },
    async profile() {
      const d = (await api('/api/profile')).data
      const box = ([k, x]) => k === '性别' ? ['男', '女'].map((o) => '<input type="radio" name="sex" title="' + o + '"' + (o === x ? ' checked' : '') + ' disabled>').join('') : k === '民族' ? '<select name="nation" disabled>' + ['汉族', '蒙古族', '回族', '藏族', '维吾尔族'].map((o) => '<option' + (o === x ? ' selected' : '') + '>' + o + '</option>').join('') + '</select>' : '<input class="layui-input" readonly value="' + x + '">'
      show(card('个人信息', '<div class="layui-form layui-row layui-col-space10">' + pairs(d.base).map((e) => '<div class="layui-col-md6"><label class="layui-form-label" style="width:90px">' + e[0] + '</label><div class="layui-input-block" style="margin-left:122px">' + box(e) + '</div></div>').join('') + '</div><div style="text-align:center;margin:16px 0">' + (d.confirmed ? '<span class="yes">信息已确认</span>' : '<button class="layui-btn layui-btn-warm" id="sure">信息确认</button>') + '</div>') + ['family', 'history'].map((g) => card(NAMES[g] + (g === 'history' ? '<span class="layui-word-aux">从中学填起, 不要间断, 最后一条填写到至今</span>' : ''), has('rows') ? '<div class="layui-form rows" id="' + g + '"></div>' : '<table id="' + g + '" lay-filter="' + g + '"></table>')).join(''))
      $('#sure').on('click', () => layer.confirm('请确认以上信息准确无误，确认后不可更改。', { icon: 3, title: '提示' }, async (i) => { layer.close(i); layer.msg((await api('/api/confirm', {})).msg, { icon: 1 }) }))
      const draw = has('rows') ? inPlace : inTable
      draw('family'); draw('history')
      window.saved = async (g) => { d[g] = (await api('/api/profile')).data[g]; draw(g) }
      function inTable(g) {
        table.render({ elem: '#' + g, data: d[g], limit: 100, text: { none: '无数据' }, toolbar: '<div><button class="layui-btn layui-btn-sm layui-btn-normal" lay-event="add"><i class="layui-icon layui-icon-add-1"></i>添加</button></div>', defaultToolbar: ['filter'], cols: [[{ type: 'numbers', title: '序号' }, ...FIELDS[g].map(([field, title]) => ({ field, title, width: title.length > 6 ? 180 : title.length > 3 ? 130 : 95 })), { title: '操作', width: 120, fixed: 'right', align: 'center', toolbar: '<div><a class="layui-btn layui-btn-primary layui-btn-xs" lay-event="look">查看</a><a class="layui-btn layui-btn-xs" lay-event="edit">修改</a></div>' }]] })
        table.on('toolbar(' + g + ')', (o) => { if (o.event === 'add') edit(g, null) })
        table.on('tool(' + g + ')', (o) => {
          const n = o.tr.data('index')
          if (o.event === 'edit') return edit(g, n)
          layer.open({ type: 1, title: '查看', area: ['460px', '420px'], content: '<table class="layui-table" style="margin:14px;width:430px"><tbody>' + FIELDS[g].map(([k, t]) => '<tr><th width="140">' + t + '</th><td>' + d[g][n][k] + '</td></tr>').join('') + '</tbody></table>' })
        })
      }
      function edit(g, n) {
        const title = (n === null ? '添加' : '修改') + NAMES[g], row = n === null ? {} : d[g][n]
        if (g === 'family') {
          const index = layer.open({ type: 1, title, area: ['600px', '520px'], btn: ['保存', '取消'], content: fields(g), success(layero) { form.render(); form.val('row', row); layero.find('.layui-layer-content').css('overflow', 'auto') }, yes(i, layero) { layero.find('#ok').trigger('click') } })
          form.on('submit(ok)', (o) => { store(g, n, o.field, () => { layer.close(index); window.saved(g) }); return false })
        } else {
          window.editing = { group: g, index: n, row }
          layer.open({ type: 2, title, area: ['680px', '520px'], btn: ['确定', '取消'], content: '/page?p=row', yes(i, layero) { layero.find('iframe').contents().find('#ok').trigger('click') } })
        }
      }
      function inPlace(g) {
        const one = (row, n) => '<tr data-n="' + n + '"><td style="min-width:40px">' + (n + 1) + '</td>' + FIELDS[g].map(([k, t]) => {
          const now = k === 'end' && row.end === '至今'
          const input = g === 'family' && OPTIONS[k] ? '<select lay-ignore name="' + k + '"><option value="">请选择</option>' + OPTIONS[k].map((o) => '<option' + (o === row[k] ? ' selected' : '') + '>' + o + '</option>').join('') + '</select>' : '<input class="layui-input' + (k === 'start' || k === 'end' ? ' mo' : '') + '" name="' + k + '" autocomplete="off" value="' + (now ? '' : row[k] || '') + '"' + (now ? ' disabled' : '') + '>'
          return '<td class="' + (t.length > 5 ? 'wide' : '') + '">' + input + (k === 'end' ? '<input type="checkbox" lay-skin="primary" lay-filter="now" title="至今"' + (now ? ' checked' : '') + '>' : '') + '</td>'
        }).join('') + '</tr>'
        const box = $('#' + g), add = (row) => { box.find('tbody').append(one(row, box.find('tbody tr').length)); form.render('checkbox'); box.find('tr').last().find('.mo').each(function () { month(this) }) }
        box.html('<table class="layui-table"><thead><tr><th>序号</th>' + FIELDS[g].map(([k, t]) => '<th>' + (need[g].includes(k) ? '<span class="must">*</span>' : '') + t + '</th>').join('') + '</tr></thead><tbody></tbody></table><div style="padding:4px 0 10px"><button type="button" class="layui-btn layui-btn-sm layui-btn-primary add">添加</button><button type="button" class="layui-btn layui-btn-sm save">修改</button></div>')
        d[g].forEach(add)
        box.find('.add').on('click', () => add({}))
        box.find('.save').on('click', async () => {
          const rows = box.find('tbody tr').get().map((tr) => { const r = {}; $(tr).find('[name]').each(function () { r[this.name] = this.value }); if ($(tr).find(':checkbox').prop('checked')) r.end = '至今'; return r })
          const a = await api('/api/' + g, { rows })
          if (a.code) return layer.msg(a.msg, { icon: 5, anim: 6 })
          layer.msg(a.msg, { icon: 1, time: 1200 }, () => window.saved(g))
        })
        form.on('checkbox(now)', (o) => $(o.elem).closest('td').find('.mo').val('').prop('disabled', o.elem.checked))
      }
    },
    row() {
      document.body.className = 'win'
      const e = parent.editing
      show(fields(e.group))
      form.val('row', { ...e.row, ...(e.row.end === '至今' ? { end: '', now: true } : {}) })
      const till = (on) => $('#end').prop('disabled', on).toggleClass('layui-disabled', on).attr('lay-verify', on ? '' : 'required')
      till(e.row.end === '至今')
      $('.mo').each(function () { month(this) })
      form.on('switch(now)', (o) => { $('#end').val(''); till(o.elem.checked) })
      form.on('submit(ok)', (o) => { store(e.group, e.index, o.field, () => { parent.saved(e.group); parent.layer.close(parent.layer.getFrameIndex(window.name)) }); return false })
    },
    async register() {
      if (!single) document.body.className = 'win'
      const d = (await api('/api/register')).data, b = pairs(d.base)
      show('<h2 style="text-align:center;font-size:20px;margin-bottom:12px">毕业生登记表</h2><table class="layui-table" style="background:#fff"><tbody><tr>' + b.slice(0, 3).map(([k, x]) => '<th width="80">' + k + '</th><td>' + x + '</td>').join('') + '</tr><tr>' + b.slice(3).map(([k, x], i) => '<th>' + k + '</th><td' + (i ? ' colspan="3"' : '') + '>' + x + '</td>').join('') + '</tr><tr><th>自我评价</th><td colspan="5">' + (d.text ? '<div style="min-height:200px;line-height:26px">' + d.text + '</div>' : '<form class="layui-form"><textarea name="text" class="layui-textarea" style="min-height:240px" maxlength="1000" lay-verify="evaluation" placeholder="从政治思想表现、个人品德、学习态度、学习收获与心得等方面进行评价，不少于 200 字"></textarea><div style="margin:6px 0 12px;color:#999">已输入 <span id="n">0</span> / 1000 字</div><div style="text-align:center"><button type="button" class="layui-btn layui-btn-primary" id="pre">预览</button><button class="layui-btn layui-btn-normal" lay-submit lay-filter="sub">提交</button></div></form>') + '</td></tr><tr><th>教学点意见</th><td colspan="5" style="height:50px"></td></tr></tbody></table><p class="layui-word-aux">自我评价作为毕业档案内容，提交后不可更改，请认真填写。</p>')
      $('textarea').on('input', function () { $('#n').text(this.value.length) })
      $('#pre').on('click', () => layer.open({ type: 1, title: '预览', area: ['600px', '360px'], btn: ['关闭'], content: '<div style="padding:20px;line-height:26px;text-indent:2em">' + $('<i>').text($('textarea').val()).html() + '</div>' }))
      form.verify({ evaluation: (x) => { if (x.trim().length < 200) return '自我评价不少于200字' } })
      form.on('submit(sub)', (o) => {
        layer.confirm('提交后不可更改，确定提交吗？', { icon: 3, title: '提示' }, async (i) => {
          layer.close(i)
          const wait = layer.load(1), a = await api('/api/register', { text: o.field.text })
          layer.close(wait)
          layer.alert(a.msg, { icon: a.code ? 2 : 1 }, (k) => { layer.close(k); PAGES.register() })
        })
        return false
      })
    }
  }
  function fields(g) {
    const one = ([k, t]) => {
      const must = need[g].includes(k), check = [must ? 'required' : '', k === 'phone' ? 'phone' : ''].filter(Boolean).join('|')
      const verify = check ? ' lay-verify="' + check + '"' : '', label = '<label class="layui-form-label">' + (must ? '<span class="must">*</span>' : '') + t + '</label>'
      if (k === 'party') return '<div class="layui-form-item">' + label + '<div class="layui-input-block">' + OPTIONS[k].map((o) => '<input type="radio" name="party" value="' + o + '" title="' + o + '">').join('') + '</div></div>'
      if (k === 'end') return '<div class="layui-form-item">' + label + '<div class="layui-input-inline"><input class="layui-input mo" id="end" name="end" autocomplete="off" placeholder="yyyy-MM"' + verify + '></div><label class="layui-form-label" style="width:50px">至今</label><div class="layui-input-inline" style="width:70px"><input type="checkbox" name="now" lay-skin="switch" lay-filter="now" lay-text="是|否"></div></div>'
      const box = g === 'family' && OPTIONS[k] ? '<select name="' + k + '"' + verify + '><option value="">请选择</option>' + OPTIONS[k].map((o) => '<option value="' + o + '">' + o + '</option>').join('') + '</select>' : '<input class="layui-input' + (k === 'start' ? ' mo' : '') + '" name="' + k + '" autocomplete="off"' + (k === 'start' ? ' placeholder="yyyy-MM"' : '') + verify + '>'
      return '<div class="layui-form-item">' + label + '<div class="layui-input-block">' + box + '</div></div>'
    }
    return '<div class="layui-form two" lay-filter="row" style="padding:16px 30px 0 0">' + FIELDS[g].map(one).join('') + '<button class="layui-hide" lay-submit lay-filter="ok" id="ok"></button></div>'
  }
  async function store(g, index, field, then) {
    const row = { ...field }
    if (row.now) row.end = '至今'
    delete row.now
    const wait = layer.load(1), a = await api('/api/' + g, { row, index })
    layer.close(wait)
    if (a.code) return layer.msg(a.msg, { icon: 5 })
    layer.msg(a.msg, { icon: 1, time: 800 }, then)
  }
  ;(PAGES[at] || (() => show('<div style="text-align:center;padding:110px 0;color:#aaa"><i class="layui-icon layui-icon-template-1" style="font-size:60px"></i><p>暂无数据</p></div>')))()
}
