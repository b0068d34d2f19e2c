"""Words of the closed classes, English and Chinese: they join and count, and say not what of.

A word of these that is quoted or emphasised counts nevertheless, as a literal.
"""

from typing import Final

_WORDS: Final = """
a about above across after again against all almost along already also although always am among
an and another any anybody anyhow anyone anything anyway anywhere are aren't around as at away
be became because become becomes been before behind being below beside besides between beyond
both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down
during each eg eight either eleven else enough etc even ever every everybody everyone everything
everywhere except few find finds first five for former found four from further get gets getting
give given go goes going got had hadn't has hasn't have haven't having he he'd he'll he's hence
her here here's hers herself him himself his how how's however hundred i i'd i'll i'm i've ie if
in indeed instead into is isn't it it's its itself just keep keeps last latter least less let
let's like made make makes many may maybe me might mine more moreover most much must mustn't my
myself need neither never nevertheless next nine no nobody none nor not nothing now nowhere of
off often ok okay on once one ones only onto or other others otherwise ought our ours ourselves
out over own per perhaps please put quite rather really right same say says second seem seems
seven several shall shan't she she'd she'll she's should shouldn't show shows since six so some
somebody someone something sometimes somewhere still such take takes ten than that that's the
their theirs them themselves then there there's therefore these they they'd they'll they're
they've thing things third this those though thousand three through throughout thus to together
too toward towards twelve two under unless until up upon us use used using very via want was
wasn't way we we'd we'll we're we've well were weren't what what's whatever when when's whenever
where where's whereas wherever whether which whichever while who who's whoever whole whom whose
why why's will with within without won't would wouldn't wrong yes yet you you'd you'll you're
you've your yours yourself yourselves
的 了 和 是 在 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 这些 那些 有
也 就 都 而 及 与 或 一个 一 吗 呢 吧 啊 怎么 怎样 如何 什么 哪个 哪些 哪
为什么 应该 应当 可以 需要 要 请问 请 把 被 对 对于 从 到 以 等 时 中 上
下 里 很 还 又 但 但是 如果 因为 所以 还是 不 没有 会 能 该 么 之 其
"""

STOP: Final = frozenset(_WORDS.split())
