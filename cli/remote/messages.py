"""What the commands of the chain say, in both languages."""

from __future__ import annotations

from cli.language import Words

UPLOAD = Words(
    "把文件夹上传为一个批次并进入处理流程；已在的相同文件跳过，可中断后再次运行。--wait 等到全部结束后显示汇总，"
    "退出码同 juesuan run。",
    "Upload a folder as a batch into the chain. What is there already is skipped, so an upload can be repeated after "
    "an interruption. --wait follows it to the end, prints the summary and exits like `juesuan run`.",
)
STATUS = Words("各批次、各文件在处理流程中的进度和结果。", "Where batches and documents stand in the chain.")
DLQ = Words("无法处理的消息（死信）：列出、查看、重发。", "Dead letters: list them, look at one, send them again.")
DLQ_LIST = Words("列出死信；默认只列尚未重发的。", "List the dead letters; by default those not sent again yet.")
DLQ_SHOW = Words("显示一封死信的消息头和内容。", "Show headers and body of a dead letter.")
DLQ_REPLAY = Words(
    "把死信的原消息作为首次尝试重新发出。", "Send the original record of dead letters again, as a first try."
)
REPLAY = Words(
    "让符合条件的文件从某一环节起重新处理。处理中的文件不动，除非写明 outcome=pending。",
    "Send documents through a stage and all that follow again. Documents still on their way are left alone unless "
    "outcome=pending says otherwise.",
)
WATCH = Words(
    "实时显示已校验或已入库的文件，Ctrl-C 结束。", "Show validated or indexed documents as they come; Ctrl-C ends it."
)
TOPICS = Words(
    "各主题的分区、消息数和各服务的积压。", "Topics with partitions, records and what each service has yet to take."
)
RECONCILE = Words(
    "比对存储桶和处理记录，补发丢失的通知。", "Compare bucket and lifecycle, and announce what nobody was told of."
)

# options
DIR = Words("要上传的文件夹（含子文件夹）或单个文件。", "The folder to upload, with everything below it, or one file.")
BATCH = Words("批次名，或“租户/批次”。", "Name of the batch, or TENANT/BATCH.")
BATCH_ONLY = Words(
    "只看处理流程中的一个批次：名称，或“租户/批次”。", "This batch of the chain only: NAME, or TENANT/NAME."
)
TENANT = Words("租户（对象键的第一级）。默认 default。", "Tenant: first level of the object keys. Default: default.")
TENANT_ONLY = Words("只看一个租户。", "This tenant only.")
WAIT = Words("等到批次中每个文件都有结果。", "Wait until every document has ended.")
TIMEOUT = Words(
    "最多等多少秒，然后以 2 退出。默认不限。", "Wait at most so many seconds, then exit with 2. Default: no limit."
)
UPLOADS = Words("同时上传的文件数。", "Files uploaded at the same time.")
BUNDLE = Words(
    "按文件名看属于同一份报告的文件打包成一个对象上传，以便合并处理。",
    "Files that are parts of one report by their names go up as one object, to be put together.",
)
JSON = Words("输出 JSON。", "Print JSON.")
STATUS_WATCH = Words(
    "等到有文件为止，持续刷新，直到没有处理中的文件；Ctrl-C 结束。",
    "Wait for the first document, and refresh until nothing is on its way any more; Ctrl-C ends it.",
)
ALL_CONTENTS = Words("包括后来被替换的旧内容。", "Contents that were replaced later too.")
STAGE = Words("从哪个服务起重做。", "The service to begin with.")
WHERE = Words(
    "条件，可多次：outcome=failed、media=pdf、version<0.2、batch=县/2024、tenant=、document=（编号开头或对象键）、"
    "category=timeout；运算符 = !=，version 还有 < <= > >=。",
    "Condition, repeatable: outcome=failed, media=pdf, version<0.2, batch=NAME, tenant=NAME, document=ID or key, "
    "category=timeout. Operators = and !=; for version also < <= > >=.",
)
DRY_RUN = Words("只报告，不发送。", "Say what would be done, and do nothing.")
FROM_START = Words("从最早的消息开始。", "Begin with the earliest event.")
WATCHED = Words("显示哪种事件。", "Which events.")
WATCH_FORMAT = Words("text 给人看，json 每行一个事件。", "text for people, json for one event per line.")
COUNT = Words("显示这么多事件后结束。", "End after so many events.")
LETTERS = Words("死信编号，如 extractor/12。", "Dead letters, such as extractor/12.")
LETTER = Words("死信编号，如 extractor/12。", "A dead letter, such as extractor/12.")
SERVICE = Words("只看一个服务的死信。", "Of this service only.")
CATEGORY = Words("只看一种原因，如 timeout。", "For this reason only, e.g. timeout.")
ALL_LETTERS = Words("包括已重发的。", "Those sent again already too.")
EVERY_LETTER = Words("重发全部尚未重发的死信。", "All that were not sent again yet.")

# upload
BAD_NAME = Words(
    "“{name}”不能作租户或批次名：不可为空、不可含 / 或以 . 或 _ 开头。",
    "“{name}” is no name for a tenant or batch: not empty, no “/”, no “.” or “_” in front.",
)
UPLOADING = Words("上传", "Uploading")
WAITING = Words("处理", "Processing")
UPLOADED = Words(
    "批次 {batch}：上传 {uploaded} 份（{size}），{there} 份已在，{failed} 份失败。用时 {seconds:.1f} 秒。",
    "Batch {batch}: {uploaded} uploaded ({size}), {there} were there already, {failed} failed. {seconds:.1f} s.",
)
NOT_UPLOADED = Words("未能上传（可再次运行同一命令）", "Not uploaded (run the same command again)")
NAME_NOT_TEXT = Words("文件名不是有效的 UTF-8 文字。", "The name of the file is no valid UTF-8.")
FOLLOW_HINT = Words("进度：juesuan status --batch {batch}", "Follow it with: juesuan status --batch {batch}")
NOTHING_MOVES = Words(
    "已有 {seconds} 秒没有进展，尚有 {pending} 份；服务是否在运行？（make ps、juesuan topics）",
    "Nothing moved for {seconds} s, {pending} documents to go. Are the services running? (make ps, juesuan topics)",
)
STILL_ON_ITS_WAY = Words("尚未处理完（{stage}）。", "Still on its way ({stage}).")
NOT_WAITED = Words(
    "等待超时，{pending} 份尚未处理完。", "Waited long enough: {pending} documents are still on their way."
)

# status
COUNTS = Words(
    "{total} 份：{indexed} 已入库，{partial} 部分存疑，{refused} 拒收，{failed} 失败，{pending} 处理中",
    "{total} documents: {indexed} indexed, {partial} partial, {refused} refused, {failed} failed, "
    "{pending} on their way",
)
COL_BATCH = Words("批次", "Batch")
COL_TOTAL = Words("合计", "Total")
COL_FILE = Words("文件", "File")
COL_STAGE = Words("环节", "Stage")
COL_TRIES = Words("次数", "Tries")
COL_CHANGED = Words("时间（UTC）", "Changed (UTC)")
OUTCOMES = {
    "indexed": Words("已入库", "indexed"),
    "partial": Words("部分存疑", "partial"),
    "refused": Words("拒收", "refused"),
    "failed": Words("失败", "failed"),
    "pending": Words("处理中", "on its way"),
    "unpacked": Words("已解开", "unpacked"),
}
NO_BATCH = Words(
    "没有批次“{batch}”的文件。各批次：juesuan status；若刚刚上传，加 --watch 等待。",
    "There are no documents of batch “{batch}”. `juesuan status` lists the batches; --watch waits for an upload of "
    "just now.",
)
AWAITED_BATCH = Words(
    "批次“{batch}”尚无任何记录，正在等待；Ctrl-C 结束。",
    "Nothing is known yet of batch “{batch}”, waiting; Ctrl-C ends it.",
)
AWAITED = Words("尚无任何记录，正在等待；Ctrl-C 结束。", "Nothing is known yet, waiting; Ctrl-C ends it.")

# dead letters
COL_LETTER = Words("编号", "Letter")
COL_CATEGORY = Words("类别", "Category")
COL_DIED = Words("时间（UTC）", "Died (UTC)")
COL_DOCUMENT = Words("文件", "Document")
COL_STATE = Words("状态", "State")
OPEN, SENT = Words("待处理", "open"), Words("已重发", "sent again")
NO_LETTER = Words("没有死信“{letter}”。", "There is no dead letter “{letter}”.")
WHICH_LETTERS = Words("请给出死信编号，或用 --all。", "Name the letters, or say --all.")
RESENT = Words("已重发 {count} 封死信。", "{count} dead letters sent again.")
WOULD_RESEND = Words("将重发 {count} 封死信。", "{count} dead letters would be sent again.")
HEADERS, BODY = Words("消息头", "Headers"), Words("内容", "Body")
EMPTY_BODY = Words("（空）", "(empty)")

# replay
WHERE_NEEDED = Words("请至少用一个 --where 说明哪些文件。", "Say which documents with at least one --where.")
BAD_CONDITION = Words(
    "不明白条件“{text}”。可用：{known}；运算符 = 和 !=，version 还有 < <= > >=。",
    "Condition “{text}” is not understood. Known: {known}; operators = and !=, for version also < <= > >=.",
)
BAD_VALUE = Words("“{name}”可取：{known}。", "{name} is one of {known}.")
REPLAYED = Words("{service}：已重发 {count} 份文件。", "{service}: {count} documents sent again.")
WOULD_REPLAY = Words("{service}：将重发 {count} 份文件。", "{service}: {count} documents would be sent again.")
NEVER_CAME = Words(
    "另有 {count} 份符合条件，但从未到达 {service}。",
    "{count} more match, but never came as far as {service}.",
)
SHUT_IN = Words(
    "另有 {count} 份符合条件，但未能从压缩包中取出，无法单独重做；请重做压缩包："
    "juesuan replay --stage extractor --where document=<压缩包的对象键>，"
    "或上传修好的压缩包。",
    "{count} more match, but could not be taken out of their archives and cannot be read by themselves. "
    "Replay the archive (juesuan replay --stage extractor --where document=KEY-OF-THE-ARCHIVE), or upload it mended.",
)

# watch, topics, reconcile
WATCHING = Words("正在等待事件（{topic}），Ctrl-C 结束。", "Waiting for events of {topic}; Ctrl-C ends it.")
VALIDATED = Words(
    "{key}：{facts} 条数据，{errors} 个错误，{warnings} 个警告",
    "{key}: {facts} facts, {errors} errors, {warnings} warnings",
)
INDEXED = Words("{key}：{facts} 条数据，版本 {revision}{partial}", "{key}: {facts} facts, revision {revision}{partial}")
PARTLY = Words("，部分存疑", ", partial")
COL_TOPIC = Words("主题", "Topic")
COL_PARTITIONS = Words("分区", "Part.")
COL_RECORDS = Words("消息", "Records")
COL_LAG = Words("积压", "Yet to take")
RECORDS_NOTE = Words("消息数含事务标记。", "Records: marks of transactions are counted too.")
COMPARED = Words("存储桶中有 {objects} 份文件。", "{objects} objects in the bucket.")
ANNOUNCED = Words("{count} 份没有记录，已补发通知：", "{count} without a row, announced now:")
WOULD_ANNOUNCE = Words("{count} 份没有记录：", "{count} without a row:")
STALLED = Words("{count} 份超过半小时没有进展：", "{count} stood still for more than half an hour:")
INCOMPLETE = Words(
    "{count} 个报告文件夹还没有放入 _complete，其中的文件未处理：",
    "{count} folders of a report lack the object _complete, and their files wait:",
)
ALL_KNOWN = Words("全部都有记录，没有停滞。", "All are known, none stands still.")
