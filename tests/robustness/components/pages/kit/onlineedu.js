// The pages of the layui-onlineedu hand: one shell written by script, a page a load, or frames in lay tabs.
layui.use(['element', 'layer', 'form', 'table', 'laydate', 'upload'], function () {
  var $ = layui.$, element = layui.element, layer = layui.layer, form = layui.form, table = layui.table, laydate = layui.laydate, upload = layui.upload
  var at = D.at || 'index', framed = has('tabs') && D.at !== undefined, sheet = /^form-/.test(at)
  var MENU = [['首页', '&#xe68e;', 'index'], ['学习中心', '&#xe705;', [['在线课程', 's1'], ['作业与考试', 's2'], ['学习进度', 's3']]], ['学生服务', '&#xe66f;', [['学籍卡片', 's4'], ['信息变更', 'change'], ['成绩查询', 'score'], ['毕业条件', 'term'], ['毕业', 'grad']], '新'], ['缴费中心', '&#xe65e;', [['在线缴费', 's5'], ['缴费记录', 's6']]], ['教学评价', '&#xe6b2;', 's7'], ['站内消息', '&#xe667;', 's8', '4']]
  var TITLES = { profile: '个人信息', register: '毕业生登记表' }, UP = { profile: 'change', register: 'change' }, OWNER = {}
  MENU.forEach(function (m) { (Array.isArray(m[2]) ? m[2] : [[m[0], m[2]]]).forEach(function (x) { TITLES[x[1]] = x[0]; OWNER[x[1]] = m[0] }) })
  var url = function (p) { return p === 'index' ? '/' : '/page?p=' + p }
  // in a tab of its own where pages are frames, else the window goes there
  function go(p) { if (framed) parent.openTab(p); else if (has('tabs')) window.openTab(p); else location.href = url(p) }
  var link = function (p, text) { return has('tabs') ? '<a href="javascript:;" data-p="' + p + '">' + text + '</a>' : '<a href="' + url(p) + '">' + text + '</a>' }
  function menu() {
    var here = UP[at] || at, badge = function (b) { return b ? ' <span class="layui-badge' + (b === '新' ? ' layui-bg-orange' : '') + '">' + b + '</span>' : '' }
    return MENU.map(function (m) {
      if (!Array.isArray(m[2])) return '<li class="layui-nav-item' + (here === m[2] ? ' layui-this' : '') + '">' + link(m[2], '<i class="layui-icon">' + m[1] + '</i>' + m[0] + badge(m[3])) + '</li>'
      return '<li class="layui-nav-item' + (OWNER[here] === m[0] ? ' layui-nav-itemed' : '') + '"><a href="javascript:;"><i class="layui-icon">' + m[1] + '</i>' + m[0] + badge(m[3]) + '</a><dl class="layui-nav-child">' + m[2].map(function (x) { return '<dd' + (here === x[1] ? ' class="layui-this"' : '') + '>' + link(x[1], x[0]) + '</dd>' }).join('') + '</dl></li>'
    }).join('')
  }
  function shell() {
    $('body').append('<div class="layui-layout layui-layout-admin"><div class="layui-header"><div class="layui-logo">学生服务平台</div><ul class="layui-nav layui-layout-left"><li class="layui-nav-item"><a href="javascript:;">通知公告</a></li><li class="layui-nav-item"><a href="javascript:;">规章制度</a></li><li class="layui-nav-item"><a href="javascript:;">常用下载</a><dl class="layui-nav-child"><dd><a href="javascript:;">学生手册</a></dd><dd><a href="javascript:;">毕业资格复查申请表</a></dd></dl></li></ul><ul class="layui-nav layui-layout-right"><li class="layui-nav-item"><a href="javascript:;"><i class="layui-icon">&#xe612;</i> <span id="me"></span></a><dl class="layui-nav-child"><dd><a href="javascript:;">基本资料</a></dd><dd><a href="javascript:;">修改密码</a></dd></dl></li><li class="layui-nav-item"><a href="javascript:;" id="out">退出</a></li></ul></div><div class="layui-side layui-bg-black"><div class="layui-side-scroll"><ul class="layui-nav layui-nav-tree" lay-filter="side">' + menu() + '</ul></div></div><div class="layui-body">' + (has('tabs') ? '<div class="layui-tab layui-tab-card layui-tab-page" lay-filter="pages" lay-allowClose="true"><ul class="layui-tab-title"><li class="layui-this" lay-id="index">首页</li></ul><div class="layui-tab-content"><div class="layui-tab-item layui-show" style="overflow:auto"><div class="main"></div></div></div></div>' : '<div class="main"></div>') + '</div><div class="layui-footer">© 2018 继续教育学院　技术支持：在线教育科技</div></div>')
    $('#out').on('click', function () { layer.confirm('您确定要退出系统吗？', { icon: 3, title: '提示' }, function () { location.href = '/logout' }) })
    api('/api/me').then(function (a) { $('#me').text(a.data.name) })
  }
  function crumbs() {
    if (at === 'index') return ''
    var path = [OWNER[UP[at] || at], UP[at] && TITLES[UP[at]], TITLES[at]].filter(Boolean)
    return '<div class="where"><span class="layui-breadcrumb" lay-separator="&gt;">' + link('index', '首页') + path.map(function (x, i) { return i === path.length - 1 ? '<a><cite>' + x + '</cite></a>' : '<a href="javascript:;">' + x + '</a>' }).join('') + '</span></div>'
  }
  function show(html) { $('.main').html(crumbs() + html); element.render(); form.render() }
  var title = function (t, more) { return '<fieldset class="layui-elem-field layui-field-title"><legend>' + t + '</legend></fieldset>' + (more ? '<div class="layui-word-aux" style="margin:-6px 0 12px">' + more + '</div>' : '') }
  var badge = function (s) { return s ? '<span class="layui-badge' + (GOOD.test(s) ? ' layui-bg-blue' : '') + '"><i class="layui-icon" style="font-size:12px">' + (GOOD.test(s) ? '&#xe605;' : '&#x1006;') + '</i> ' + s + '</span>' : '' }
  var wait = function () { return layer.load(1, { shade: [0.1, '#fff'] }) }
  var FIELDS = { family: FAMILY, history: HISTORY }, NAMES = { family: '家庭成员信息', history: '过往履历信息' }

  function sheetOf(g) { // the form of one entry, in a layer or in a frame of its own
    var must = ['relation', 'name', 'phone', 'place', 'start']
    return '<form class="layui-form g-form" lay-filter="entry" style="padding:20px 0 0">' + FIELDS[g].map(function (f) {
      var need = must.indexOf(f[0]) >= 0, v = need ? ' lay-verify="required"' : '', box
      if (f[0] === 'relation') box = '<div class="layui-input-block">' + OPTIONS.relation.map(function (o, i) { return '<input type="radio" name="relation" value="' + o + '" title="' + o + '"' + (i ? '' : ' checked') + '>' }).join('') + '</div>'
      else if (OPTIONS[f[0]]) box = '<div class="layui-input-block"><select name="' + f[0] + '"' + (f[0] === 'document_type' ? ' lay-search' : '') + '><option value="">请选择</option>' + OPTIONS[f[0]].map(function (o) { return '<option value="' + o + '">' + o + '</option>' }).join('') + '</select></div>'
      else if (f[0] === 'start' && has('iframe')) return '<div class="layui-form-item"><label class="layui-form-label"><span class="bad">*</span> 起止时间</label><div class="layui-input-block" id="span"></div></div><div class="layui-form-item"><label class="layui-form-label">至今</label><div class="layui-input-block"><input type="checkbox" name="now" lay-skin="switch" lay-filter="now" lay-text="是|否"></div></div>'
      else if (f[0] === 'end' && has('iframe')) return ''
      else if (f[0] === 'start') box = '<div class="layui-input-block"><input class="layui-input" name="start" id="start" readonly placeholder="请选择年月"' + v + '></div>'
      else if (f[0] === 'end') box = '<div class="layui-input-inline" style="margin-left:30px"><input class="layui-input" name="end" id="end" readonly placeholder="请选择年月"></div><div class="layui-input-inline" style="width:100px"><input type="checkbox" name="now" lay-skin="switch" lay-filter="now" lay-text="至今|至今"></div>'
      else box = '<div class="layui-input-block"><input class="layui-input" name="' + f[0] + '" autocomplete="off" placeholder="请输入' + f[1] + '"' + v + '></div>'
      return '<div class="layui-form-item"><label class="layui-form-label"' + (f[0] === 'address' ? ' style="padding:9px 0;width:160px;margin-left:-15px"' : '') + '>' + (need ? '<span class="bad">*</span> ' : '') + f[1] + '</label>' + box + '</div>'
    }).join('') + (has('iframe') ? '<div class="layui-form-item"><div class="layui-input-block"><button class="layui-btn" lay-submit lay-filter="save">保存</button><button type="button" class="layui-btn layui-btn-primary" id="close">关闭</button></div></div>' : '<button class="layui-hide" lay-submit lay-filter="save" id="hidden-save"></button>') + '</form>'
  }
  function wake(g, row, save) {
    form.render(null, 'entry'); form.val('entry', row)
    if (g === 'history' && has('iframe')) {
      var draw = function (now, value) { $('#span').html('<input class="layui-input" name="span" readonly placeholder="' + (now ? '开始年月' : '开始年月 ~ 结束年月') + '" lay-verify="required">').children().val(value); laydate.render({ elem: $('#span input')[0], type: 'month', range: now ? false : '~', value: value || '' }) }
      draw(row.end === '至今', row.start ? row.start + (row.end === '至今' ? '' : ' ~ ' + row.end) : '')
      if (row.end === '至今') form.val('entry', { now: true })
      form.on('switch(now)', function (o) { draw(o.elem.checked, '') })
    } else if (g === 'history') {
      laydate.render({ elem: '#start', type: 'month', value: row.start || '' }); laydate.render({ elem: '#end', type: 'month', value: row.end === '至今' ? '' : row.end || '' })
      var till = function (on) { $('#end').prop('disabled', on).toggleClass('layui-disabled', on); if (on) $('#end').val('') }
      if (row.end === '至今') { form.val('entry', { now: true }); till(true) }
      form.on('switch(now)', function (o) { till(o.elem.checked) })
    }
    form.on('submit(save)', function (o) {
      var f = $.extend({}, o.field)
      if (f.span) { f.start = f.span.split(' ~ ')[0]; f.end = f.span.split(' ~ ')[1]; delete f.span }
      if (f.now) f.end = '至今'; delete f.now
      if (g === 'history' && !f.end) { layer.msg('请选择结束时间', { icon: 2 }); return false }
      save(f); return false
    })
  }
  async function store(g, index, f) { var i = wait(), a = await api('/api/' + g, { row: f, index: index }); layer.close(i); return a }
  function edit(g, index, row, done) {
    var t = (index === null ? '添加' : '修改') + NAMES[g]
    if (has('iframe')) return layer.open({ type: 2, title: t, area: ['640px', '85%'], content: '/page?p=form-' + g + (index === null ? '' : '-' + index), end: done })
    layer.open({ type: 1, title: t, area: ['640px', '85%'], content: sheetOf(g), btn: ['保存', '取消'], success: function (o, i) { wake(g, row, async function (f) { var a = await store(g, index, f); if (a.code) return layer.msg(a.msg, { icon: 2 }); layer.close(i); layer.msg(a.msg, { icon: 1 }); done() }) }, yes: function () { $('#hidden-save').trigger('click') } })
  }

  var P = {
    index: function () {
      show('<blockquote class="layui-elem-quote">欢迎使用学生服务平台！上次登录时间：2024-06-02 19:40:12</blockquote><div class="layui-row layui-col-space15"><div class="layui-col-md8"><div class="layui-card"><div class="layui-card-header">常用功能</div><div class="layui-card-body layui-row layui-col-space10">' + [['在线课程', '&#xe705;', 's1'], ['作业与考试', '&#xe63c;', 's2'], ['在线缴费', '&#xe65e;', 's5'], ['站内消息', '&#xe667;', 's8']].map(function (x) { return '<div class="layui-col-xs3"><div class="tile"><i class="layui-icon">' + x[1] + '</i>' + x[0] + '</div></div>' }).join('') + '</div></div><div class="layui-card"><div class="layui-card-header">我的课程</div><div class="layui-card-body"><table class="layui-table" lay-skin="line"><thead><tr><th>课程</th><th>学习进度</th></tr></thead><tbody><tr><td>毕业实践</td><td><div class="layui-progress"><div class="layui-progress-bar layui-bg-blue" lay-percent="100%"></div></div></td></tr></tbody></table></div></div></div><div class="layui-col-md4"><div class="layui-card"><div class="layui-card-header">通知公告</div><div class="layui-card-body layui-text"><p>[05-31] 2024届（7月）毕业生待做事项流程</p><p>[05-20] 关于学位外语考试成绩的通知</p><p>[04-11] 清明节放假安排</p></div></div></div></div>')
      if (has('notice') && !sessionStorage.getItem('told')) { sessionStorage.setItem('told', 1); layer.open({ type: 1, title: false, closeBtn: false, area: '420px', shade: 0.8, id: 'LAY_layuipro', btn: ['立即查看', '我知道了'], btnAlign: 'c', moveType: 1, yes: function (i) { layer.close(i); layer.alert('请于6月11日前完成各项待办事项，逾期将影响毕业资格审核。', { title: '通知' }) }, content: '<div style="padding:40px 30px;line-height:24px;background:#393D49;color:#fff;font-weight:300">亲爱的同学：<br><br>2024届（7月）毕业生信息核对工作已开始，请在 5 月 31 日至 6 月 11 日内登录本平台完成个人信息确认、成绩核对及毕业照片上传。</div>' }) }
    },
    change: function () {
      show('<table class="layui-table"><colgroup><col width="70"><col width="180"><col><col width="120"><col width="220"></colgroup><thead><tr><th>序号</th><th>项目</th><th>说明</th><th>状态</th><th>操作</th></tr></thead><tbody><tr><td>1</td><td>个人信息</td><td>核对身份信息、学籍信息，补充家庭成员及过往履历</td><td><span class="layui-badge layui-bg-green">开放</span></td><td>' + link('profile', '点击进入查看/编辑') + '</td></tr><tr><td>2</td><td>毕业生登记表</td><td>填写自我评价</td><td><span class="layui-badge layui-bg-green">开放</span></td><td>' + link('register', '点击进入毕业生登记表') + '</td></tr><tr><td>3</td><td>联系方式</td><td>手机、邮箱、通讯地址</td><td><span class="layui-badge layui-bg-gray">未开放</span></td><td><span class="layui-disabled">点击进入</span></td></tr></tbody></table>')
      $('.main td a').css('color', '#01AAED')
    },
    term: async function () {
      var i = wait(), d = (await api('/api/conditions')).data; layer.close(i)
      var head = title('毕业条件') + '<div class="layui-elem-quote layui-quote-nm">当前毕业批次：<b>' + d.batch + '</b><br>毕业审核的学生范围为：' + d.scope + '</div>'
      if (has('collapse')) {
        var part = function (name, list, open) { return '<div class="layui-colla-item"><h2 class="layui-colla-title">' + name + '（' + list.filter(function (r) { return GOOD.test(r.status) }).length + '/' + list.length + '）</h2><div class="layui-colla-content' + (open ? ' layui-show' : '') + '"><div class="layui-row cond">' + list.map(function (r) { return '<div class="layui-col-md6">毕业要求：' + r.name + '　当前状态：' + badge(r.status) + '</div>' }).join('') + '</div></div></div>' }
        return show(head + '<div class="layui-collapse">' + part('学费与学业要求', d.rows.slice(0, 5), true) + part('照片与信息要求', d.rows.slice(5, 10)) + part('成绩与图像比对', d.rows.slice(10)) + '</div>')
      }
      if (has('paged')) {
        show(head + '<table id="terms"></table>')
        return table.render({ elem: '#terms', data: d.rows, page: { layout: ['prev', 'page', 'next', 'skip', 'count'], groups: 3 }, limit: 8, cols: [[{ type: 'numbers', title: '序号' }, { field: 'name', title: '毕业要求', minWidth: 260 }, { field: 'status', title: '当前状态', width: 160, templet: function (r) { return r.status ? '<i class="layui-icon ' + (GOOD.test(r.status) ? 'ok">&#x1005;' : 'bad">&#x1007;') + '</i> ' + r.status : '' } }, { title: '数据更新时间', width: 180, templet: function () { return '2024-06-02 02:00' } }]] })
      }
      show(head + '<table class="layui-table" lay-even><colgroup><col width="70"><col><col width="150"><col width="160"></colgroup><thead><tr><th>序号</th><th>毕业要求</th><th>当前状态</th><th>审核部门</th></tr></thead><tbody>' + d.rows.map(function (r, i) { return '<tr><td>' + (i + 1) + '</td><td>' + r.name + '</td><td>' + badge(r.status) + '</td><td>' + (i ? '继续教育学院' : '财务处') + '</td></tr>' }).join('') + '</tbody></table><div class="layui-text" style="color:#999">注：<span class="layui-badge-dot layui-bg-blue"></span> 已满足　<span class="layui-badge-dot"></span> 未满足。全部满足后方可毕业。</div>')
    },
    score: async function () {
      if (has('terms')) {
        var names = ['2023年秋', '2023年春', '2022年秋', '2022年春'], all = (await api('/api/grades?limit=200')).data
        show(title('成绩查询') + '<div class="layui-tab layui-tab-card"><ul class="layui-tab-title">' + names.map(function (n, i) { return '<li' + (i ? '' : ' class="layui-this"') + '>' + n + '</li>' }).join('') + '</ul><div class="layui-tab-content">' + names.map(function (n, i) { var l = all.filter(function (r) { return r.term === n }); return '<div class="layui-tab-item' + (i ? '' : ' layui-show') + '"><table class="layui-table"><thead><tr>' + ['序号', '课程名称', '学分', '考勤成绩', '作业成绩', '考试成绩', '总评成绩', '课程所属学期'].map(function (x) { return '<th>' + x + '</th>' }).join('') + '</tr></thead><tbody>' + l.map(function (r, k) { return '<tr><td>' + (k + 1) + '</td><td>' + r.course + '</td><td>3</td><td></td><td></td><td></td><td' + (+r.total < 60 ? ' class="bad"' : '') + '>' + r.total + '</td><td>' + r.term + '</td></tr>' }).join('') + '<tr><td colspan="2">本学期合计 ' + l.length + ' 门</td><td>' + l.length * 3 + '</td><td colspan="3" style="text-align:right">平均成绩</td><td>' + (l.reduce(function (s, r) { return s + +r.total }, 0) / l.length).toFixed(2) + '</td><td></td></tr></tbody></table></div>' }).join('') + '</div></div>')
        return
      }
      show(title('成绩查询') + '<div class="layui-form layui-form-item"><div class="layui-inline"><label class="layui-form-label">课程名称</label><div class="layui-input-inline"><input class="layui-input" id="q"></div></div><div class="layui-inline"><button class="layui-btn" id="find"><i class="layui-icon">&#xe615;</i>查询</button></div></div><table id="score" lay-filter="score"></table><script type="text/html" id="ops"><a class="layui-btn layui-btn-xs" lay-event="see">查看</a></' + 'script>')
      var c = function (f, t, w, more) { return $.extend({ field: f, title: t, width: w, align: 'center' }, more) }
      table.render({ elem: '#score', url: '/api/grades', page: true, limit: 10, limits: [10, 20, 50], totalRow: true, cellMinWidth: 80, height: has('tall') ? 360 : undefined,
        parseData: function (r) { r.data.forEach(function (x) { x.credit = 3 }); return r },
        cols: [[{ type: 'checkbox', fixed: 'left' }, c('no', '序号', 80, { fixed: 'left', totalRowText: '合计' }), c('course', '课程名称', 180, { align: 'left' }), c('credit', '学分', 80, { totalRow: true }), c('homework', '作业成绩', 110), c('attendance', '考勤成绩', 110), c('lab', '实验成绩', 110), c('exam', '考试成绩', 110), c('total', '总评成绩', 120, { sort: true, templet: function (r) { return +r.total < 60 ? '<span style="color:#FF5722">' + r.total + '</span>' : r.total } }), c('term', '课程所属学期', 150), { title: '操作', width: 90, align: 'center', fixed: 'right', toolbar: '#ops' }]] })
      table.on('tool(score)', function (o) { layer.open({ title: '成绩明细', content: o.data.course + '：总评 ' + o.data.total }) })
      $('#find').on('click', function () { table.reload('score', { page: { curr: 1 }, where: { name: $('#q').val() } }) })
    },
    grad: async function () {
      var d = (await api('/api/photo')).data, mine = location.hash === '#photo'
      var man = function (bg, extra) { return 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="84" height="112"><rect width="84" height="112" fill="' + bg + '"/><circle cx="42" cy="44" r="19" fill="#e9c9a6"/><path d="M8 112q0-42 34-42t34 42z" fill="#2f4b6e"/>' + (extra || '') + '</svg>') }
      var pick = has('webup') ? '<div id="uploader"><div class="list"></div><div id="picker">选择图片</div><button type="button" class="layui-btn layui-btn-normal" id="begin">开始上传</button></div>' : has('auto') ? '<button type="button" class="layui-btn" id="choose"><i class="layui-icon">&#xe67c;</i>上传图片</button>' : '<div class="layui-upload"><button type="button" class="layui-btn layui-btn-primary" id="choose"><i class="layui-icon">&#xe654;</i>选择照片</button> <button type="button" class="layui-btn layui-btn-normal" id="begin"><i class="layui-icon">&#xe62f;</i>上传</button><div class="layui-upload-list"><img class="pic layui-hide" id="seen"><p id="words"></p></div></div>'
      show('<div class="layui-tab layui-tab-brief" lay-filter="grad"><ul class="layui-tab-title"><li' + (mine ? '' : ' class="layui-this"') + '>毕业须知</li><li' + (mine ? ' class="layui-this"' : '') + '>上传毕业照片</li><li>学位申请</li></ul><div class="layui-tab-content"><div class="layui-tab-item' + (mine ? '' : ' layui-show') + ' layui-text"><h3>毕业流程</h3><ol><li>核对学信网学籍信息及照片</li><li>核对平台个人信息、成绩</li><li>填写毕业生登记表，提交自我评价</li><li>上传照片，等待图像比对</li><li>学院审核，发放毕业证书</li></ol></div><div class="layui-tab-item' + (mine ? ' layui-show' : '') + '"><div class="layui-row layui-col-space20"><div class="layui-col-md7"><div class="fig"><img class="pic" src="' + d.enrol + '"><p>入学照片</p></div><div class="fig">' + (d.uploaded ? '<img class="pic" src="' + d.copy + '">' : '<div class="none">尚未上传</div>') + '<p>毕业照片</p></div><div style="margin-top:10px">' + pick + '</div></div><div class="layui-col-md5"><div class="layui-card" style="box-shadow:none;border:1px solid #eee"><div class="layui-card-header">照片要求</div><div class="layui-card-body layui-text"><p>1、必须为学信网下载的学历照片，翻拍无效；</p><p>2、文件名为本人身份证号，格式为 jpg；</p><p>3、如上传有误可重新上传，以最后一次为准。</p><p style="margin-top:8px"><b>示例</b></p><div class="samples">' + [['合格', '#86c5f4', 1], ['翻拍', '#777', 0, '<path d="M0 20L84 0v112L0 92z" fill="none" stroke="#eee" stroke-width="5"/>'], ['背景不符', '#c33', 0]].map(function (x) { return '<div><img src="' + man(x[1], x[3]) + '" width="60" height="80"><p class="' + (x[2] ? 'ok' : 'bad') + '">' + x[0] + '</p></div>' }).join('') + '</div></div></div></div></div></div><div class="layui-tab-item"><div style="padding:50px;text-align:center;color:#999">当前不在学位申请时间内</div></div></div></div>')
      var over = function (a) { layer.closeAll('loading'); if (a.code) return layer.msg(a.msg, { icon: 2 }); layer.msg(a.msg, { icon: 1, time: 1200 }, function () { location.hash = 'photo'; location.reload() }) }
      if (has('webup')) {
        var up = WebUploader.create({ server: '/api/photo', pick: { id: '#picker', multiple: false }, fileVal: 'file', fileNumLimit: 1, resize: false, compress: null, accept: { title: 'Images', extensions: 'jpg,jpeg', mimeTypes: 'image/jpeg' } })
        var sized = function () { up.refresh() }; element.on('tab(grad)', function () { setTimeout(sized, 50) })
        up.on('fileQueued', function (f) { var $li = $('<div class="file" id="' + f.id + '"><img class="pic" style="width:90px;height:120px"><div class="name">' + f.name + '</div><div class="bar"><b></b></div><p class="state">等待上传</p></div>').appendTo('#uploader .list'); up.makeThumb(f, function (e, src) { if (!e) $li.find('img').attr('src', src) }, 90, 120) })
        up.on('uploadProgress', function (f, p) { $('#' + f.id + ' .bar b').css('width', p * 100 + '%'); $('#' + f.id + ' .state').text('上传中 ' + Math.round(p * 100) + '%') })
        up.on('uploadSuccess', function (f, a) { $('#' + f.id + ' .state').text(a.code ? '上传失败' : '上传成功'); over(a) })
        up.on('uploadError', function (f) { $('#' + f.id + ' .state').text('上传出错') })
        up.on('error', function (t) { layer.msg(t === 'Q_TYPE_DENIED' ? '只能选择 jpg 格式的图片' : '只能选择一张图片') })
        $('#begin').on('click', function () { if (!up.getFiles('inited').length && !up.getFiles('queued').length) return layer.msg('请先选择图片'); up.upload() })
        return
      }
      if (has('auto')) return upload.render({ elem: '#choose', url: '/api/photo', accept: 'images', acceptMime: 'image/jpeg', exts: 'jpg|jpeg', before: function () { layer.load() }, done: over, error: function () { layer.closeAll('loading'); layer.msg('接口异常') } })
      upload.render({ elem: '#choose', url: '/api/photo', accept: 'images', acceptMime: 'image/jpeg', exts: 'jpg|jpeg', auto: false, bindAction: '#begin', choose: function (o) { o.preview(function (i, f, r) { $('#seen').attr('src', r).removeClass('layui-hide'); $('#words').text(f.name + '　待上传') }) }, before: function () { layer.load() }, done: over, error: function () { layer.closeAll('loading'); layer.msg('接口异常') } })
    },
    profile: async function () {
      var i = wait(), d = (await api('/api/profile')).data; layer.close(i)
      var keys = Object.keys(d.base), lines = ''
      for (var n = 0; n < keys.length; n += 2) lines += '<tr>' + keys.slice(n, n + 2).map(function (k) { return '<td style="background:#f8f8f8;width:120px">' + k + '</td><td>' + d.base[k] + '</td>' }).join('') + (n + 1 < keys.length ? '' : '<td style="background:#f8f8f8"></td><td></td>') + '</tr>'
      show(title('个人信息') + '<table class="layui-table"><tbody>' + lines + '</tbody></table><div style="text-align:center">' + (d.confirmed ? '<button class="layui-btn layui-btn-disabled">信息已确认</button>' : '<button class="layui-btn layui-btn-normal" id="sure">信息无误，确认</button>') + '</div>' + title('家庭成员信息', '自愿填写；内容为父母、配偶') + '<table id="family" lay-filter="family"></table>' + title('过往履历信息', '从中学填起, 不要间断, 最后一条填写到至今') + '<table id="history" lay-filter="history"></table><script type="text/html" id="add"><div class="layui-btn-container"><button class="layui-btn layui-btn-sm" lay-event="add"><i class="layui-icon">&#xe654;</i>添加</button></div></' + 'script><script type="text/html" id="row"><a class="layui-btn layui-btn-xs" lay-event="edit">修改</a><a class="layui-btn layui-btn-danger layui-btn-xs" lay-event="del">删除</a></' + 'script>')
      $('#sure').on('click', function () { layer.confirm('请确认以上信息准确无误，确认后不可撤销。', { icon: 3, title: '信息确认' }, async function (i) { layer.close(i); layer.msg((await api('/api/confirm', {})).msg, { icon: 1 }, P.profile) }) })
      ;['family', 'history'].forEach(function (g) {
        var some = g === 'family' ? ['relation', 'name', 'phone', 'age', 'party', 'address', 'post'] : HISTORY.map(function (f) { return f[0] })
        table.render({ elem: '#' + g, data: d[g], page: false, limit: 90, toolbar: '#add', defaultToolbar: [], text: { none: '暂无数据' }, cols: [[{ type: 'numbers', title: '序号', width: 60 }].concat(FIELDS[g].filter(function (f) { return some.indexOf(f[0]) >= 0 }).map(function (f) { return { field: f[0], title: f[1], minWidth: f[0] === 'address' || f[0] === 'place' ? 180 : 90 } }), [{ title: '操作', width: 130, align: 'center', toolbar: '#row', fixed: 'right' }])] })
        table.on('toolbar(' + g + ')', function (o) { if (o.event === 'add') edit(g, null, {}, P.profile) })
        table.on('tool(' + g + ')', function (o) {
          var i = o.tr.data('index')
          if (o.event === 'edit') return edit(g, i, d[g][i], P.profile)
          layer.confirm('真的删除该行么？', async function (k) { layer.close(k); await api('/api/' + g, { rows: d[g].filter(function (r, n) { return n !== i }) }); P.profile() })
        })
      })
    },
    register: async function () {
      var d = (await api('/api/register')).data
      show('<table class="layui-table"><tbody><tr>' + Object.keys(d.base).map(function (k) { return '<th>' + k + '</th>' }).join('') + '</tr><tr>' + Object.keys(d.base).map(function (k) { return '<td>' + d.base[k] + '</td>' }).join('') + '</tr></tbody></table>' + (d.text ? '<div class="layui-card"><div class="layui-card-header">自我评价 <span class="layui-badge layui-bg-blue">已提交</span></div><div class="layui-card-body" id="mine" style="line-height:28px"></div></div>' : '<div class="layui-form layui-form-pane"><div class="layui-form-item layui-form-text"><label class="layui-form-label">自我评价</label><div class="layui-input-block"><textarea class="layui-textarea" style="min-height:220px" placeholder="对在校学习期间的政治思想表现、个人品德、学习态度、学习收获与心得等方面进行真实、客观的自我评价，字数不少于200字"></textarea></div></div><div class="layui-form-item"><span class="layui-word-aux" style="padding:0!important">已输入 <span id="n" class="bad">0</span> 字　提交后不可更改，填写者对评价内容负责</span></div><div class="layui-form-item"><button class="layui-btn layui-btn-primary" id="keep">保存草稿</button><button class="layui-btn" id="send">提交</button></div></div>'))
      $('#mine').text(d.text || '')
      var box = $('textarea').val(localStorage.getItem('zwpj') || '').on('input', function () { $('#n').text(this.value.replace(/\s/g, '').length) }).trigger('input')
      $('#keep').on('click', function () { localStorage.setItem('zwpj', box.val()); layer.msg('草稿已保存', { icon: 1 }) })
      $('#send').on('click', function () {
        if (box.val().replace(/\s/g, '').length < 200) return layer.tips('自我评价不少于200字', box, { tips: [3, '#FF5722'] })
        layer.confirm('自我评价提交后不可更改，是否确认提交？', { icon: 3, title: '提交确认', btn: ['确认提交', '再看看'] }, async function (i) { layer.close(i); var a = await api('/api/register', { text: box.val() }); layer.msg(a.msg, { icon: a.code ? 2 : 1, time: 1500 }, function () { if (!a.code) P.register() }) })
      })
    }
  }
  async function entry() { // the form of an entry in its own frame
    var m = /^form-(\w+?)(?:-(\d+))?$/.exec(at), g = m[1], i = m[2] === undefined ? null : +m[2], own = function () { parent.layer.close(parent.layer.getFrameIndex(window.name)) }
    var row = i === null ? {} : (await api('/api/profile')).data[g][i]
    $('body').removeClass('layui-layout-body').html(sheetOf(g))
    wake(g, row, async function (f) { var a = await store(g, i, f); if (a.code) return layer.msg(a.msg, { icon: 2 }); layer.msg(a.msg, { icon: 1, time: 800 }, own) })
    $('#close').on('click', own)
  }
  if (sheet) return entry()
  if (framed) $('body').removeClass('layui-layout-body').addClass('framed').append('<div class="main"></div>')
  else shell()
  window.openTab = function (p) {
    if (!$('.layui-tab-page>.layui-tab-title>li[lay-id=' + p + ']').length) element.tabAdd('pages', { title: TITLES[p], content: '<iframe src="/page?p=' + p + '"></iframe>', id: p })
    element.tabChange('pages', p)
  }
  $('body').on('click', '[data-p]', function () { go($(this).data('p')) })
  ;(P[at] || function () { show('<div style="padding:90px;text-align:center;color:#999">功能建设中</div>') })()
  element.render()
})
