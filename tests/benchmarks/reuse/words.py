# ruff: noqa: E501 (a table of texts reads better unbroken)
"""The benchmark's own words: stock formulae, synonyms, clause patterns, made-up names."""

from __future__ import annotations

# What everyone writes, 6 to 11 characters: two sentences that share these are no copies.
FORMULAE = """
进一步加强组织领导 不断提高工作水平 认真贯彻落实上级要求 切实保障群众知情权 扎实推进各项工作 加强政府信息管理
进一步规范工作流程 提高政府信息公开工作水平 建立健全长效机制 严格落实审核制度 加大信息公开力度 拓宽信息公开渠道
积极回应社会关切 主动接受社会监督 确保信息准确及时 强化业务培训指导 提升工作人员业务能力 完善信息公开制度 加强日常监督检查
充分发挥平台作用 深化重点领域信息公开 持续优化营商环境 进一步提升服务效能 不断丰富公开形式 规范依申请公开办理 增强政府工作透明度
做到应公开尽公开 明确责任分工 形成工作合力 按照上级统一部署 结合工作实际 坚持问题导向 取得了明显成效 推动工作落到实处
依托政府门户网站 加强政策解读工作 高度重视信息公开工作 紧紧围绕中心工作 及时更新栏目内容 压实主体责任 创新工作方式方法
健全考核评价机制 定期开展自查自纠 方便群众查询办事 提高公开质量和实效 全面落实公开要求 严把信息发布关口 细化公开事项目录
加强部门协调配合 有效提升群众满意度 持续推进标准化建设 打造阳光透明政府 为群众提供便利服务 深入学习贯彻条例精神
""".split()

SYNONYMS = [
    group.split("/")
    for group in """
加强/强化/加大 完善/健全/优化 提高/提升/增强 推进/推动/促进 开展/组织/举办 及时/按时/尽快 群众/公众/百姓 规范/严格/统一
明确/确定/落实 建立/制定/形成 定期/按期/每季度 公开/发布/公布 督促/敦促/要求 检查/核查/抽查 问题/短板/不足 工作人员/经办人员/干部
科室/股室/处室 制度/机制/办法 培训/学习/辅导 办理/处理/答复 信息/内容/材料 网站/门户/平台 通过/利用/借助 全面/系统/逐项
围绕/聚焦/紧扣 梳理/整理/汇总 做好/抓好/落实 邀请/组织/动员 审核/把关/审查 清单/目录/台账 需求/诉求/期盼 形式/方式/途径
""".split()
]

# n noun, v verb, a adjective; every clause has at least two free words.
PATTERNS = """
对{n}{n}进行{v} 由{n}负责{n}{v} 将{n}纳入{n}{v} 通过{n}和{n}{v}{n} {v}{n}与{n}的衔接 就{n}{v}{n} 围绕{n}{v}{n}{n} {n}{v}{n}较为{a}
{v}{n}{n}，{v}{n}{n} 建立{n}{n}{v}制度 {n}不够{a}，{n}{v}滞后 组织{n}赴{n}{v} 向{n}{v}{n}{number}份 {v}{n}{number}次 每月{v}{n}{n}
把{n}作为{n}{v}的重点 {n}、{n}、{n}等{v}{a} 凡{n}未{v}的一律{v} 在{n}设置{n}{v}窗口 {v}{a}的{n}{n} 逐项{v}{n}，逐条{v}{n}
{org}会同{n}{v}{n} {org}印发{n}{v}方案 {year}{org}{v}{n}{number}件 {n}{v}由{n}改为{n} 以{n}为{n}{v}{n} 探索{n}加{n}{v}模式
{v}{n}，避免{n}{v}{a} 请{n}对{n}{v} 给{n}{v}{n}的{n} {n}{v}后{number}日内{v} {a}的{n}得到{v} 仍有{n}{v}不{a} 缺少{n}{v}的{n}
""".split()

PLACES = [
    head + tail + kind
    for head in "青白云澜松石砚梧枫桐芦汀鹭杏兰澄岚苍碧朗"
    for tail in "溪山陵浦川原岭泉泽坪"
    for kind in ("县", "区")
]
TRADES = "教育 财政 水务 民政 交通运输 农业农村 卫生健康 市场监督管理 自然资源 应急管理".split()
OWN = "我局 我县 我区 本机关 全县 我单位".split()
