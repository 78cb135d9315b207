import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `strong`: the one thing to do here. `plain`: a sheet's usual button. `quiet`: words only. */
  readonly kind?: 'strong' | 'plain' | 'quiet';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** Shows that it does not answer yet, without leaving the order of the keyboard. */
  readonly isArming?: boolean;
}

export function Button({ kind = 'plain', icon, children, isArming, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      data-kind={kind}
      className={`${styles['button'] ?? ''} ${styles[kind] ?? ''}`}
      {...(isArming === true ? { 'data-arming': '' } : {})}
    >
      {icon}
      <span>{children}</span>
    </AriaButton>
  );
}
